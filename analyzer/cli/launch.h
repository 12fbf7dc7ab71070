#ifndef CT_CLI_LAUNCH_H
#define CT_CLI_LAUNCH_H
/*
 * Starts the traced program, with the recorder in its environment.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

struct ct_start;
struct ct_supervisor_signals;
struct ct_text;

/* How data races are looked for: docs/trapped-races.md, docs/compiled-races.md. */
struct ct_launch_races {
	const char *how; /* off, compiled, traps, auto; NULL: as the environment says, else auto */
	const char *traps; /* whose code gets traps; NULL: as the environment says, else main */
	uint64_t budget;   /* percent of the run time; UINT64_MAX: likewise, else the recorder's */
};

/* Of runs that are steered or tried: without traps, which hold threads up. */
#define CT_LAUNCH_WITHOUT_TRAPS                                                                    \
	{                                                                                          \
		.how = "compiled", .budget = UINT64_MAX                                            \
	}

struct ct_launch {
	char **argv;				      /* NULL-terminated, the program first */
	const char *library;			      /* path of libconctrace.so */
	uint64_t stack_depth, max_bytes, quota_bytes; /* UINT64_MAX: the recorder's defaults */
	const struct ct_start *start; /* as another run was started; NULL: as we are */
	bool shown;		      /* with `start`: what it prints is */
	bool new_session;	      /* it leads one of its own */
	bool planned;		      /* steered by the plan in the trace folder */
	bool perturbed;		      /* random delays */
	uint64_t seed;		      /* of these */
	struct ct_launch_races races;
	const struct ct_supervisor_signals *signals; /* to be put back */
};

/* A process that waits before it turns into the program. */
struct ct_launched {
	pid_t pid;
	int go, failure; /* pipes to it and from it */
};

/* Forks that process. */
CT_MUST_CHECK enum ct_status ct_launch_prepare(const struct ct_launch *launch,
					       struct ct_launched *out, struct ct_error *error);

/* Lets it become the program, with `trace` (absolute) as its trace folder. Returns 0, or the errno
 * value of what failed; the process is gone then. */
int ct_launch_go(struct ct_launched *launched, const char *trace);

/* Ends it instead. */
void ct_launch_drop(struct ct_launched *launched);

#endif
