#ifndef CT_MODEL_PROCESSES_H
#define CT_MODEL_PROCESSES_H
/*
 * Births and ends of processes: what a forked child takes over, what an exec leaves behind.
 * Private to model/.
 */
#include "model/state.h"

/* Effects FORK, SYSTEM, PROCESS_WAIT, EXEC and PROCESS_EXIT, of timers and signal handlers. */
CT_MUST_CHECK enum ct_status ct_process_apply(struct ct_model *model, const struct ct_step *step);

/* To be called before each record is looked at: a process may begin with it, or a new program. */
CT_MUST_CHECK enum ct_status ct_process_before(struct ct_model *model, struct ct_thread *thread,
					       const struct ct_record *record);

/* At the end of the trace. */
void ct_processes_finish(struct ct_model *model);

#endif
