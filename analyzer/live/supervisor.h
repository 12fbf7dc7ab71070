#ifndef CT_LIVE_SUPERVISOR_H
#define CT_LIVE_SUPERVISOR_H
/*
 * Watches over a running program until it ends, hangs or runs out of time.
 *
 * Signals that are meant for the program stay its own: an interrupt from the keyboard reaches it
 * directly and is ignored here; SIGTERM and SIGHUP are handed on, and who sent SIGTERM wants all of
 * its processes gone: those that outlive it get it too, then SIGKILL. The caller blocks them (with
 * ct_supervisor_block) before it forks the program, so that none is lost in between. Only where the
 * program cannot decide, as it is stopped or was seen to hang, an interrupt ends it and all of its
 * processes; so it does with those that outlive a program which it has killed. One that ignores or
 * blocks interrupts is ended by the second one within 2 s, or the third; one that catches them by
 * the fifth within 2 s, as nobody strikes Ctrl-C so often who talks to a shell.
 *
 * Signals, the time limit and the program's end are attended to at any time: what takes long is
 * done in a thread (aside.h) or in a child.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"
#include "live/hang.h"
#include "live/tree.h"

enum ct_hang_answer {
	CT_HANG_GO_ON,	  /* it does not hang, or is to be let be all the same */
	CT_HANG_REPORTED, /* the same, but an interrupt from the keyboard ends it */
	CT_HANG_END,	  /* it is to be ended */
	CT_HANG_END_LATER /* the same, when a child has ended (see `reaped`) or after a while */
};

struct ct_supervision {
	pid_t program;	     /* a child of the caller */
	const char *trace;   /* its trace folder */
	uint64_t timeout_ms; /* 0: none. Then there is one last look for a hang */
	bool wait_all;	     /* also wait for processes that outlive the program */
	bool own_session;    /* the program leads one: interrupts reach it through us only */
	/* Asked when it looks as if threads hang, with what was seen of it: reads the trace and
	 * scans once more. In a thread of its own; when `unwanted` becomes true nobody waits for
	 * it. NULL: never asked. */
	void (*judge)(void *context, struct ct_hang *hang, const atomic_bool *unwanted);
	/* Then: what is to be done. */
	enum ct_hang_answer (*judged)(void *context);
	/* Another child than the program has ended; true: what is to be ended later is so now. */
	bool (*reaped)(void *context, pid_t pid, int wait_status);
	/* An interrupt came that the program ignores: another one soon will end it. */
	void (*ignored)(void *context);
	/* Called when a process turns out to be stopped, or to be held by a debugger. */
	void (*stopped)(void *context, uint32_t pid, bool traced);
	/* Called once, 5 seconds after the start. */
	void (*settled)(void *context);
	void *context;
};

enum ct_ending { CT_ENDED_ITSELF, CT_ENDED_STUCK, CT_ENDED_TIMEOUT, CT_ENDED_INTERRUPTED };

struct ct_supervised {
	enum ct_ending ending;
	int told_to_end;	   /* the first signal that asked for that, or 0 */
	bool reaped;		   /* the program's first process is gone */
	int wait_status;	   /* of it, as waitpid() gives it */
	uint64_t stopped_at;	   /* ticks of the trace when it was to be ended, or 0 */
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
