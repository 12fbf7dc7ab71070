#ifndef CT_CLI_TIMED_H
#define CT_CLI_TIMED_H
/*
 * Runs one command and measures it. Not recorded: natively.
 */
#include <signal.h>

#include "base/status.h"

/* Signals as they were before: of commands, and afterwards. */
struct ct_timed_signals {
	sigset_t before; /* mask */
	sigset_t waited; /* SIGCHLD, and what ends us unless it was ignored; blocked meanwhile */
	struct sigaction child;
};
void ct_timed_begin(struct ct_timed_signals *signals);
void ct_timed_end(const struct ct_timed_signals *signals);

struct ct_timed {
	double wall_s, cpu_s;
	int status; /* as of waitpid(2) */
	int signal; /* that came to us meanwhile, and ended the command; else 0 */
};

/* `line` is the shell's. Its standard input and output are /dev/null, its standard error is ours;
 * it has a process group of its own. */
CT_MUST_CHECK enum ct_status ct_timed_run(const struct ct_timed_signals *signals, const char *line,
					  struct ct_error *error, struct ct_timed *out);

#endif
