#ifndef CT_LIVE_SUPERVISOR_H
#define CT_LIVE_SUPERVISOR_H
/*
 * Watches over a running program until it ends, hangs or runs out of time.
 *
 * Signals that are meant for the program stay its own: an interrupt from the keyboard reaches it
 * directly and is ignored here; SIGTERM and SIGHUP are handed on. The caller blocks them (with
 * ct_supervisor_block) before it forks the program, so that none is lost in between.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"
#include "live/tree.h"

struct ct_supervision {
	pid_t program;	     /* a child of the caller */
	const char *trace;   /* its trace folder */
	uint64_t timeout_ms; /* 0: none */
	bool wait_all;	     /* also wait for processes that outlive the program */
	/* Asked when the program is quiet; true: it can never go on and is to be ended. NULL: never
	 * asked. */
	bool (*is_stuck)(void *context);
	/* Called once, 5 seconds after the start. */
	void (*settled)(void *context);
	void *context;
};

enum ct_ending { CT_ENDED_ITSELF, CT_ENDED_STUCK, CT_ENDED_TIMEOUT };

struct ct_supervised {
	enum ct_ending ending;
	bool reaped;		   /* the program's first process is gone */
	int wait_status;	   /* of it, as waitpid() gives it */
	struct ct_proc *survivors; /* that still run; owned, to be freed with free() */
	size_t survivor_count;
};

/* What the program is to be given back before it is executed. */
struct ct_supervisor_signals {
	sigset_t mask;
	struct sigaction child, pipe;
};

/* Blocks the signals that the supervisor takes and ignores SIGPIPE: who reads our messages may go
 * away, the program is still to be waited for. The second puts back what was. */
void ct_supervisor_block(struct ct_supervisor_signals *out_before);
void ct_supervisor_unblock(const struct ct_supervisor_signals *before);

void ct_supervise(const struct ct_supervision *what, const struct ct_tree *tree,
		  struct ct_supervised *out);

#endif
