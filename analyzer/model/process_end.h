#ifndef CT_MODEL_PROCESS_END_H
#define CT_MODEL_PROCESS_END_H
/* How a process came to its end. */
#include "model/model.h"

/* Whether it ended by exit or the like, so that it was not killed. */
bool ct_process_ended_itself(const struct ct_process *process);

#endif
