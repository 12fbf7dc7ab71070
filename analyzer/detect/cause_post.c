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

enum ct_status ct_cause_post(const struct ct_cause *cause)
{
	const struct ct_object *semaphore = cause->waiter->wait.object;
	const struct ct_deed *last = semaphore ? &ct_traffic_of(semaphore)->given : NULL;
	struct ct_place place;
	enum ct_status status;

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
