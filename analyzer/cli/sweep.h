#ifndef CT_CLI_SWEEP_H
#define CT_CLI_SWEEP_H
/*
 * conctrace timing --sweep: runs commands over sizes of work, or numbers of workers, several times,
 * natively, and says what they cost and from where on which of them pays.
 */
#include <stdbool.h>
#include <stddef.h>

struct ct_sweep_options {
	const char **commands; /* shell lines: {n} stands for the value, {mode} for three series */
	size_t command_count;
	const char *over; /* "1,2,4,8" */
	unsigned repeat;
	bool workers; /* {n} is a number of workers; else a size of the work */
	const char *json, *speedup, *curve; /* files, "-" is standard output; or NULL */
};

/* Runs it all and tells; failures are said. The exit status. */
int ct_sweep_run(const struct ct_sweep_options *options);

#endif
