#ifndef CT_TIMING_SHARED_H
#define CT_TIMING_SHARED_H
/*
 * How much memory each process shared with others. Private to timing/.
 */
#include "timing/usage.h"

/*
 * Fills `shared_bytes` of each process, as trace->processes: the most that it had mapped at one
 * time of memory that another process of the trace had mapped as well, at whatever time. `copied`:
 * the process's memory began as a copy of its parent's.
 */
CT_MUST_CHECK enum ct_status ct_shared_bytes(const struct ct_trace *trace, const bool *copied,
					     struct ct_timing_process *processes, size_t count);

#endif
