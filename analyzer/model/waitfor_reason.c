#include "model/helpers.h"
#include "model/signals.h"
#include "model/state.h"
#include "model/waitfor.h"

/* Of a wait that anything may end. */
static const char *by_kind(enum ct_wait_kind kind)
{
	switch (kind) {
	case CT_WAIT_SLEEP:
		return "which sleeps";
	case CT_WAIT_SIGNAL:
		return "which waits for a signal, and any process may send it";
	case CT_WAIT_FUTEX:
		return "which waits by a futex in a way that is not known";
	case CT_WAIT_POLL:
	case CT_WAIT_ACCEPT:
	case CT_WAIT_CONNECT:
		return "which waits for what a program outside of the record may do";
	case CT_WAIT_FILE_LOCK:
		return "whose lock on a file a program outside of the record may hold";
	default:
		return "whose wait a program outside of the record may end, or a handler of a "
		       "signal that may come";
	}
}

const char *ct_waitfor_reason(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;
	const struct ct_thread_state *state = ct_thread_state(thread);

	if (wait->kind == CT_WAIT_NONE)
		return NULL;
	if (wait->timed)
		return "which waits for a limited time";
	if (state->cancelled)
		return "which is to be cancelled";
	if (state->handler_time > wait->since)
		return "which runs a signal handler";
	if (ct_timer_of(model, thread->process) != CT_TIMER_NONE)
		return "of whose process a timer is to fire yet";
	return ct_wait_opening(model, thread) == CT_WAIT_OPEN ? by_kind(wait->kind) : NULL;
}
