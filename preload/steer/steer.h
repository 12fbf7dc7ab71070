#ifndef CT_STEER_STEER_H
#define CT_STEER_STEER_H
/*
 * Control of the schedule, at sync points (hooks/sync.h): random delays (`perturb=`), or threads
 * that are held until others have come (`steer=`). docs/steering.md says what for.
 */
#include <stdbool.h>
#include <stdint.h>

/* Where an image begins, once it records. False: the run is not steered, as nearly all are. */
bool ct_steer_start(void);
/* A thread passes a sync point. Keeps errno, takes no lock, is no cancellation point. */
void ct_steer_pass(uint16_t event, uint64_t object, uintptr_t pc, uintptr_t sp);

#endif
