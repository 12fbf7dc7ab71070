#ifndef CT_MODEL_TRANSFER_H
#define CT_MODEL_TRANSFER_H
/*
 * What threads give to each other through semaphores, pipes, counters and annotations, as far as it
 * orders them in every schedule. Private to model/.
 *
 * Of messages, sockets, file locks, signals and futexes nothing is stated: what a queue held before
 * the trace began, who else sends and whom a wake-up meets is not known.
 */
#include "model/state.h"

CT_MUST_CHECK enum ct_status ct_transfer_apply(struct ct_model *model, const struct ct_step *step);

#endif
