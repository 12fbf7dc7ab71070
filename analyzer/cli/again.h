#ifndef CT_CLI_AGAIN_H
#define CT_CLI_AGAIN_H
/*
 * `conctrace run` of more than one run: --confirm, --perturb and --runs.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cli/runs.h"

struct ct_again {
	bool confirm, perturb;
	uint64_t seed, runs; /* runs 0: one */
};

/* Returns the exit status. */
int ct_run_again(struct ct_run_options *options, const struct ct_again *again);

#endif
