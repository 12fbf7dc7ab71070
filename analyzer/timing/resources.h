#ifndef CT_TIMING_RESOURCES_H
#define CT_TIMING_RESOURCES_H
/*
 * Resources as the kernel counted them: read, added up, and told apart. Private to timing/.
 */
#include "timing/usage.h"

/* Nothing is known. */
struct ct_usage ct_usage_unknown(void);
/* Takes what a THREAD_EXIT or PROCESS_EXIT says; times of processors that are known stay. */
void ct_usage_read(const struct ct_record *record, struct ct_usage *usage);
/* What is known of `more` is added; unknown and known is known. */
void ct_usage_add(struct ct_usage *sum, const struct ct_usage *more);

/*
 * At the end, of a process and its threads (`threads` is by id): what follows from the rest. The
 * kernel counts for all of the process, and for each thread that ends before it; what remains is
 * that of the one thread that did not. A process that did not tell is counted if all its threads
 * are.
 */
void ct_usage_settle(struct ct_timing_process *process, struct ct_timing_thread *threads);

#endif
