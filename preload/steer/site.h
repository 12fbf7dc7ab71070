#ifndef CT_STEER_SITE_H
#define CT_STEER_SITE_H
/* Places in the program by hashes that are the same in each run (ct_plan.h). */
#include <stdint.h>

void ct_site_init(void);
uint64_t ct_site_caller(uintptr_t pc);
/* Of the call stack of a hook that was called from `pc` with the stack pointer `sp`. */
uint64_t ct_site_stack(uintptr_t pc, uintptr_t sp);

#endif
