#ifndef CT_CLI_RUN_H
#define CT_CLI_RUN_H
/*
 * `conctrace run`: records a program, watches over it, explains what it did.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cli/on_hang.h"
#include "cli/options.h"

struct ct_run_options {
	struct ct_output_options output;
	const char *folder;   /* NULL: conctrace.PROG.PID */
	char **program;	      /* its argv, NULL-terminated */
	uint64_t timeout_ms;  /* 0: none */
	uint64_t stack_depth; /* UINT64_MAX: the recorder's default */
	uint64_t max_bytes;   /* likewise */
	bool force, quiet, wait_all;
	enum ct_on_hang on_hang;
	const char *command; /* line that conctrace was called with */
};

/* Returns the exit status. */
int ct_run(const struct ct_run_options *options);

#endif
