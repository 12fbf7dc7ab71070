#ifndef CT_RECORD_SETTINGS_H
#define CT_RECORD_SETTINGS_H
/*
 * CONCTRACE_OPTIONS="key=value:key=value". A value that contains ':' cannot be given; unknown keys
 * and bad values are ignored (the recorder prints nothing) and named in the trace's metadata.
 *
 *   dir=DIR      folder in which the trace folder conctrace.PROG.PID is made; default "."
 *   trace=DIR    the trace folder itself (set by `conctrace run -o`)
 *   max=SIZE     limit of the trace, with k, M, G; default 2G, 0: none
 *   quota=SIZE   accesses that a thread records before it samples them; default 8M, 0: all
 *   stack=N      frames kept of a call stack; default 16, 1: the caller only, 0: none
 *   perturb=SEED random delays where threads synchronise, the same for the same number
 *   races=HOW    what data races are looked for with, see enum ct_races_how; default compiled
 *   traps=WHICH  whose code gets traps: main (default), all, or names of libraries, with commas
 *   races_budget=PERCENT  of the run time that threads may be held at traps; default 10
 *   steer=FILE   a plan of where threads are to wait for one another (format/ct_plan.h)
 */
#include <stdbool.h>
#include <stdint.h>

#define CT_STACK_DEPTH_MAX 32u

enum ct_races_how {
	CT_RACES_COMPILED, /* what `conctrace cc` built into the program */
	CT_RACES_TRAPS,	   /* in programs without that: docs/trapped-races.md */
	CT_RACES_AUTO,	   /* the first that there is */
	CT_RACES_OFF,	   /* nothing */
};

struct ct_settings {
	char dir[512], trace[512];
	uint64_t max_bytes, quota_bytes;
	uint32_t stack_depth;
	bool perturb;
	uint64_t perturb_seed;
	enum ct_races_how races;
	char traps[256];
	uint32_t races_budget; /* percent */
	char steer[512];       /* empty: none */
	char ignored[128];     /* the first key that was not understood, or empty */
};

void ct_settings_read(const char *options, struct ct_settings *out);

/* "auto" */
const char *ct_settings_races(enum ct_races_how how);

#endif
