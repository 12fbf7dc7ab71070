#ifndef CT_CLI_RUNS_H
#define CT_CLI_RUNS_H
/*
 * `conctrace run --runs N`: the program again and again; with --perturb SEED each time with other
 * random delays. What several runs find is told once, with the runs, or the seeds, that show it.
 */
#include "cli/run.h"

enum { CT_RUNS_MAX = 10000 };

/* More than one run; where options->perturbed, with the seeds from options->seed on. The trace of
 * each is in DIR.run-N, or DIR.seed-N (conctrace.PROG.PID, if no DIR was given). Returns the exit
 * status: that of an error if any run found one, else the first that is not 0. */
int ct_runs(const struct ct_run_options *options, uint64_t count);

#endif
