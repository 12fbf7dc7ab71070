#ifndef CT_CLI_RUN_H
#define CT_CLI_RUN_H
/*
 * `conctrace run`: records a program, watches over it, explains what it did.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cli/launch.h"
#include "cli/on_hang.h"
#include "cli/options.h"

struct ct_analysis;
struct ct_plan;
struct ct_sift;
struct ct_start;
struct ct_supervised;

/* What came of a run. */
struct ct_run_result {
	struct ct_analysis *analysis;
	const char *trace;		 /* absolute path */
	const char *trace_name;		 /* the one to show */
	const struct ct_finding *hang;	 /* why it was ended or told of, or NULL */
	const struct ct_supervised *end; /* how the program ended */
};

struct ct_run_options {
	struct ct_output_options output;
	struct ct_sift *sift; /* all analyses go through it; or NULL */
	bool more;	      /* it is used for other runs after this one */
	const char *folder;   /* NULL: conctrace.PROG.PID */
	char **program;	      /* its argv, NULL-terminated */
	uint64_t timeout_ms;  /* 0: none */
	uint64_t stack_depth; /* UINT64_MAX: the recorder's default */
	uint64_t max_bytes;   /* likewise */
	uint64_t quota_bytes; /* likewise: of a thread's accesses; 0: no quota */
	struct ct_launch_races races;
	bool force, quiet, wait_all;
	bool new_session; /* the program leads one of its own */
	enum ct_on_hang on_hang;
	const char *command;	      /* line that conctrace was called with */
	const struct ct_start *start; /* as another run was started; NULL: as we are */
	bool shown;		      /* with `start`: what the program prints is */
	const struct ct_plan *plan;   /* to steer it by, or NULL */
	bool perturbed;		      /* random delays, by `seed` */
	uint64_t seed;
	/* Called before findings are reported, to see them and to change them; or NULL. */
	void (*found)(void *context, const struct ct_run_result *result);
	void *context;
};

/* Returns the exit status. */
int ct_run(const struct ct_run_options *options);

#endif
