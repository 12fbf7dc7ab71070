#include "grade/job_signals.h"

#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

void ct_job_signals(sigset_t *out)
{
	sigemptyset(out);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		struct sigaction action;

		if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(out, signals[i]);
	}
}

void ct_job_signals_block(struct ct_job_signals_before *out_before)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigaction(SIGCHLD, &plain, &out_before->child);
	ct_job_signals(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &out_before->mask);
}

void ct_job_signals_unblock(const struct ct_job_signals_before *before)
{
	sigaction(SIGCHLD, &before->child, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

int ct_job_signals_came(void)
{
	sigset_t set;

	if (sigpending(&set) != 0)
		return 0;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		if (sigismember(&set, signals[i]) == 1)
			return signals[i];
	}
	return 0;
}
