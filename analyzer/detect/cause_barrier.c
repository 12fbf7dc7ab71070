#include "detect/causes.h"
#include "model/past.h"

enum { LEFT_TOLD = 4 };

/* Threads of the waiters' process that ended: those are who could have come. */
static enum ct_status add_who_left(const struct ct_cause *cause)
{
	const struct ct_object *barrier = cause->waiter->wait.object;
	const struct ct_process *process = cause->waiter->process;
	enum ct_status status = CT_OK;
	size_t told = 0;

	for (size_t i = 0; !status && told < LEFT_TOLD && i < process->thread_count; i++) {
		const struct ct_thread *thread = process->threads[i];
		struct ct_place place = ct_hang_place(thread, 0, 0);

		if (!thread->exited)
			continue;
		place.text = ct_traffic_gave(barrier, thread) ? "came to it before, and has ended"
							      : "has ended, and never came to it";
		status = ct_hang_add_place(cause->findings, cause->finding, place);
		told++;
	}
	return status;
}

/* A wrong count is mended where it is given. */
static enum ct_status add_init(const struct ct_cause *cause, uint64_t count)
{
	const struct ct_deed *deed = &ct_past_of(cause->waiter->wait.object)->initialised;
	struct ct_place place;

	if (!deed->thread || !deed->stack)
		return CT_OK;
	place = ct_hang_place(deed->thread, deed->stack, deed->time);
	place.text = ct_arena_printf(&cause->findings->arena, "initialised it for %llu thread%s",
				     (unsigned long long)count, count == 1 ? "" : "s");
	if (!place.text)
		return CT_ENOMEM;
	return ct_hang_add_place(cause->findings, cause->finding, place);
}

enum ct_status ct_cause_barrier(const struct ct_cause *cause)
{
	uint64_t count = 0, arrived = 0;
	enum ct_status status;

	(void)ct_traffic_barrier(cause->model, cause->waiter->wait.object, &count, &arrived);
	status = ct_cause_say(cause, "at",
			      ct_arena_printf(&cause->findings->arena,
					      ": %llu of %llu are there, and nobody is left who "
					      "could come",
					      (unsigned long long)arrived,
					      (unsigned long long)count));
	if (status == CT_OK)
		status = add_init(cause, count);
	return status ? status : add_who_left(cause);
}
