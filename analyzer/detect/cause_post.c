#include "detect/causes.h"

enum { POSTERS_TOLD = 8 };

static enum ct_status add_posters(const struct ct_cause *cause, const struct ct_deed *last)
{
	const struct ct_object *semaphore = cause->waiter->wait.object;
	enum ct_status status = CT_OK;
	size_t told = 0;

	for (size_t i = 0; !status && told < POSTERS_TOLD && i < cause->model->thread_count; i++) {
		const struct ct_thread *thread = cause->model->threads[i];
		struct ct_place place = ct_hang_place(thread, 0, 0);

		if (thread == last->thread || !ct_traffic_gave(semaphore, thread))
			continue;
		place.text = thread->exited ? "posted it before, and has ended"
					    : "posted it before, and waits itself";
		status = ct_hang_add_place(cause->findings, cause->finding, place);
		told++;
	}
	return status;
}

const struct ct_deed *ct_cause_own_unit(const struct ct_model *model,
					const struct ct_thread *waiter)
{
	const struct ct_object *object = waiter->wait.object;
	const struct ct_traffic *traffic = object ? ct_traffic_of(object) : NULL;

	if (!traffic || waiter->wait.kind != CT_WAIT_SEM || traffic->no_lock ||
	    !traffic->taker_count || !ct_traffic_is_known(model, object))
		return NULL;
	for (size_t i = 0; i < traffic->taker_count; i++)
		if (traffic->takers[i].thread != waiter)
			return NULL;
	return &traffic->takers[traffic->taker_count - 1];
}

/* Most often it is a lock that is taken twice. */
static enum ct_status tell_own_unit(const struct ct_cause *cause, const struct ct_deed *taken)
{
	struct ct_place place = ct_hang_place(taken->thread, taken->stack, taken->time);
	enum ct_status status =
		ct_cause_say(cause, "for",
			     ct_arena_printf(&cause->findings->arena,
					     ", which %s took itself before, and nobody is left "
					     "to post",
					     taken->thread->name));

	place.text = "took it, and did not post it since; it was taken";
	cause->finding->fix = "If it is used as a lock, give it back before taking it again, or "
			      "use a recursive lock (in Python an RLock); else see to it that "
			      "each wait has its post.";
	return status ? status : ct_hang_add_place(cause->findings, cause->finding, place);
}

enum ct_status ct_cause_post(const struct ct_cause *cause)
{
	const struct ct_object *semaphore = cause->waiter->wait.object;
	const struct ct_deed *last = semaphore ? &ct_traffic_of(semaphore)->given : NULL;
	const struct ct_deed *own = ct_cause_own_unit(cause->model, cause->waiter);
	struct ct_place place;
	enum ct_status status;

	if (own)
		return tell_own_unit(cause, own);
	if (!last || !last->thread)
		return ct_cause_say(cause, "for",
				    ", which was never posted: nobody is left to do it");
	place = ct_hang_place(last->thread, last->stack, last->time);
	place.text = last->thread->exited ? "posted it last, and has ended"
					  : "posted it last, and waits itself";
	status = ct_cause_say(cause, "for", ", which nobody is left to post");
	if (!status)
		status = ct_hang_add_place(cause->findings, cause->finding, place);
	return status ? status : add_posters(cause, last);
}
