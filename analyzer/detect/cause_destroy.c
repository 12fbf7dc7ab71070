#include "detect/causes.h"
#include "model/past.h"

/* Threads that wait at the object which the waiter destroys; the first of them. */
static size_t count_users(const struct ct_cause *cause, const struct ct_thread **out_first)
{
	const struct ct_finding *finding = cause->finding;
	size_t count = 0;

	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_thread *thread = finding->steps[i].thread;

		if (thread->wait.kind != CT_WAIT_DESTROY && !count++)
			*out_first = thread;
	}
	return count;
}

static enum ct_status say(const struct ct_cause *cause)
{
	const struct ct_object *object = cause->waiter->wait.object;
	bool barrier = object && object->kind == CT_OBJECT_BARRIER;
	const struct ct_thread *first = cause->waiter;
	size_t count = count_users(cause, &first);
	const char *others = "";

	if (count > 1)
		others = ct_arena_printf(&cause->findings->arena, " and %zu other%s", count - 1,
					 count > 2 ? "s" : "");
	if (!others)
		return CT_ENOMEM;
	cause->finding->object = object;
	cause->finding->headline = ct_arena_printf(
		&cause->findings->arena,
		"%s destroys " CT_ITS_OBJECT ", which %s%s %s %s: nobody is left who could %s",
		cause->waiter->name, first->name, others, count > 1 ? "wait" : "waits",
		barrier ? "at" : "on",
		barrier	    ? "come"
		: count > 1 ? "wake them"
			    : "wake it");
	return cause->finding->headline ? CT_OK : CT_ENOMEM;
}

enum ct_status ct_cause_destroy(const struct ct_cause *cause)
{
	enum ct_status status = say(cause);
	const struct ct_deed *deed;
	struct ct_place place;

	if (status || !cause->finding->object)
		return status;
	deed = &ct_past_of(cause->finding->object)->initialised;
	if (!deed->thread || !deed->stack)
		return CT_OK;
	place = ct_hang_place(deed->thread, deed->stack, deed->time);
	place.text = "initialised it";
	return ct_hang_add_place(cause->findings, cause->finding, place);
}
