#include "detect/causes.h"

const struct ct_deed *ct_cause_lost_signal(const struct ct_thread *thread)
{
	const struct ct_traffic *traffic = ct_traffic_of(thread->wait.object);

	if (!traffic || !traffic->given.thread)
		return NULL;
	if (traffic->unheard.thread && traffic->unheard.time == traffic->given.time)
		return &traffic->unheard;
	if (traffic->partial.thread && traffic->partial.time == traffic->given.time)
		return &traffic->partial;
	return NULL;
}

/* "when nobody waited, 0.25 ms before the wait began": text traces have no times. */
static const char *when(const struct ct_cause *cause, const struct ct_deed *deed)
{
	const struct ct_trace *trace = cause->model->trace;
	uint64_t since = cause->waiter->wait.since;
	double ms;

	if (deed->time >= since)
		return "signalled it once while several threads waited, which wakes one of them";
	if (trace->text || !trace->frequency)
		return "signalled it when nobody waited, before the wait began";
	ms = (double)(since - deed->time) * 1000.0 / (double)trace->frequency;
	return ct_arena_printf(&cause->findings->arena,
			       "signalled it when nobody waited, %.3g ms before the wait began",
			       ms);
}

enum ct_status ct_cause_wakeup(const struct ct_cause *cause)
{
	const struct ct_deed *deed = ct_cause_lost_signal(cause->waiter);
	bool late = deed->time < cause->waiter->wait.since;
	struct ct_place place = ct_hang_place(deed->thread, deed->stack, deed->time);
	enum ct_status status;

	place.text = when(cause, deed);
	if (!place.text)
		return CT_ENOMEM;
	if (!late)
		cause->finding->fix =
			"Use pthread_cond_broadcast where more than one thread has to "
			"go on.";
	status = ct_cause_say(
		cause, "for",
		ct_arena_printf(&cause->findings->arena,
				", which %s signalled %s: nobody is left to signal it "
				"again",
				deed->thread->name,
				late ? "before the wait began" : "once, for one of several"));
	return status ? status : ct_hang_add_place(cause->findings, cause->finding, place);
}
