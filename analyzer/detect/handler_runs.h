#ifndef CT_DETECT_HANDLER_RUNS_H
#define CT_DETECT_HANDLER_RUNS_H
/*
 * The signal handlers that threads run, what each interrupted, and which signals a thread has
 * blocked.
 *
 * A handler that jumps or throws leaves no record of its end. So what a thread does is in a handler
 * only if its stack says so: it goes through the address that the handler returns to, which is the
 * stack of the handler's own record.
 */
#include "base/map.h"
#include "model/model.h"

enum ct_interrupted {
	CT_INTERRUPTED_CALM,	/* a wait in a call that is async-signal-safe */
	CT_INTERRUPTED_UNKNOWN, /* it ran */
	CT_INTERRUPTED_UNSAFE,	/* a wait in another call */
	CT_INTERRUPTED_STDIO,	/* a wait within stdio */
};

struct ct_handler_run {
	uint64_t function;
	uint32_t signal, back;
	bool awaited; /* or sent by the thread itself: it interrupted nothing else */
	enum ct_interrupted interrupted;
	uint16_t call; /* of CT_INTERRUPTED_UNSAFE */
};

#define CT_HANDLER_DEPTH 8u

struct ct_handler_thread {
	struct ct_handler_run runs[CT_HANDLER_DEPTH]; /* some may have been left */
	uint32_t count;
	uint64_t blocked;     /* bit 0 is signal 1; what is not known counts as blocked */
	uint64_t was_blocked; /* at any time */
	uint32_t sent;	      /* its last record sends itself this signal; 0: it does not */
	bool begun, stdio_asked;
	bool ending, leaving; /* it called pthread_exit; and that was before its last record */
};

struct ct_handler_runs {
	struct ct_handler_thread *threads; /* by id */
	size_t count, cap;
};

/* To be called with every step, before what it means for others is looked at. */
CT_MUST_CHECK enum ct_status ct_handler_runs_step(struct ct_handler_runs *runs,
						  const struct ct_model *model,
						  const struct ct_step *step);
/* After it. */
struct ct_handler_thread *ct_handler_runs_of(struct ct_handler_runs *runs,
					     const struct ct_thread *thread);
/* The handler that the step is made in, or NULL. */
const struct ct_handler_run *ct_handler_runs_at(struct ct_handler_runs *runs,
						const struct ct_model *model,
						const struct ct_step *step);
/* Whether a handler of the thread was not seen to return: it runs, or has jumped away, after which
 * neither what is in it (on another stack) nor what is blocked is known. */
bool ct_handler_runs_open(struct ct_handler_runs *runs, const struct ct_thread *thread);
void ct_handler_runs_fini(struct ct_handler_runs *runs);

static inline uint64_t ct_signal_bit(uint64_t signal)
{
	return signal >= 1 && signal <= 64 ? UINT64_C(1) << (signal - 1) : 0;
}

#endif
