#ifndef CT_CLI_PERTURB_H
#define CT_CLI_PERTURB_H
/*
 * `conctrace run --perturb SEED --runs N`: the program again and again, each time with other random
 * delays. What several runs find is told once, with the seeds that show it.
 */
#include "cli/run.h"

enum { CT_PERTURB_RUNS_MAX = 10000 };

/* Seeds from options->seed on, a run each. With more than one the trace of a run is in DIR.seed-N
 * (conctrace.PROG.PID, if no DIR was given). Returns the exit status: that of an error if any run
 * found one, else the first that is not 0. */
int ct_perturb(const struct ct_run_options *options, uint64_t runs);

#endif
