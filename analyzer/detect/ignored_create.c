#include "detect/ignored.h"

#include <stdlib.h>

#include "base/vec.h"

/* Of one trace: a program that fails as often has more than one fault. */
enum { CREATES_KEPT = 64, JOINS_KEPT = 64 };

void ct_failed_creates_init(struct ct_failed_creates *creates, struct ct_misuses *misuses,
			    const struct ct_rule *rule)
{
	*creates = (struct ct_failed_creates){.misuses = misuses, .rule = rule};
}

void ct_failed_creates_fini(struct ct_failed_creates *creates)
{
	free(creates->items);
	free(creates->joins);
}

static enum ct_status add_failure(struct ct_failed_creates *creates, const struct ct_step *step,
				  int error)
{
	enum ct_status status;

	if (creates->count == CREATES_KEPT)
		return CT_OK;
	status = ct_vec_grow(&creates->items, &creates->cap, creates->count + 1,
			     sizeof(*creates->items));
	if (status == CT_OK)
		creates->items[creates->count++] =
			(struct ct_failed_create){step->thread->process, ct_deed_of(step), error};
	return status;
}

/* False: no creation failed in the process. */
static bool last_failure(const struct ct_failed_creates *creates, const struct ct_process *process,
			 size_t *out_index)
{
	for (size_t i = creates->count; i-- > 0;) {
		if (creates->items[i].process != process)
			continue;
		*out_index = i;
		return true;
	}
	return false;
}

/* Whose pthread_t it is may be known only later: a thread tells its own when it starts. */
static enum ct_status add_join(struct ct_failed_creates *creates, const struct ct_step *step)
{
	struct ct_doubtful_join join = {
		.thread = step->thread, .deed = ct_deed_of(step), .pthread = step->record->object};
	enum ct_status status;

	if (step->other || !step->request || creates->join_count == JOINS_KEPT ||
	    !last_failure(creates, step->thread->process, &join.create))
		return CT_OK;
	status = ct_vec_grow(&creates->joins, &creates->join_cap, creates->join_count + 1,
			     sizeof(*creates->joins));
	if (status == CT_OK)
		creates->joins[creates->join_count++] = join;
	return status;
}

/* A thread's next record says what became of its join; one that crashed has none. */
static void settle(struct ct_failed_creates *creates, const struct ct_step *step, bool refused)
{
	for (size_t i = creates->join_count; i-- > 0;) {
		struct ct_doubtful_join *join = &creates->joins[i];

		if (join->thread != step->thread)
			continue;
		if (!join->over)
			join->refused = refused;
		join->over = true;
		return;
	}
}

enum ct_status ct_failed_creates_step(struct ct_failed_creates *creates, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	bool refused = false;
	int error = 0;

	if (ct_misuse_failure(step, &call, &error) && call) {
		if (call->effect == CT_EFFECT_THREAD_CREATE)
			return add_failure(creates, step, error);
		refused = call->effect == CT_EFFECT_THREAD_JOIN;
	}
	if (creates->join_count)
		settle(creates, step, refused);
	return creates->count && step->effect == CT_EFFECT_THREAD_JOIN ? add_join(creates, step)
								       : CT_OK;
}

static bool is_somebodys(const struct ct_process *process, uint64_t pthread)
{
	for (size_t i = 0; i < process->thread_count; i++)
		if (process->threads[i]->pthread == pthread)
			return true;
	return false;
}

/* A join that was refused, or in which the program died. */
static bool went_wrong(const struct ct_doubtful_join *join)
{
	return join->over ? join->refused : !join->thread->process->exited && !join->thread->exited;
}

static enum ct_status tell(struct ct_failed_creates *creates, const struct ct_doubtful_join *join)
{
	const struct ct_failed_create *failed = &creates->items[join->create];
	struct ct_arena *arena = &creates->misuses->arena;
	const char *error = ct_ignored_error_name(failed->error);
	struct ct_misuse misuse = ct_misuse_of(creates->rule, NULL);

	misuse.headline = ct_arena_printf(
		arena, "%s joins a thread that was never created: its creation failed (%s)",
		join->thread->name, error);
	misuse.fix = "Join only the threads whose creation succeeded: one that failed leaves its "
		     "pthread_t as it was.";
	/* who joins what is not its own may also have lost the thread's number otherwise */
	if (!join->over && join->pthread)
		misuse.evidence = CT_POTENTIAL;
	ct_misuse_place(&misuse, join->thread, join->deed.stack, join->deed.time, "joins it");
	ct_misuse_place(&misuse, failed->deed.thread, failed->deed.stack, failed->deed.time,
			ct_arena_printf(arena, "created a thread, and got %s", error));
	return ct_misuses_add(creates->misuses, &misuse);
}

enum ct_status ct_failed_creates_finish(struct ct_failed_creates *creates,
					const struct ct_model *model)
{
	enum ct_status status = CT_OK;

	(void)model;
	for (size_t i = 0; status == CT_OK && i < creates->join_count; i++) {
		const struct ct_doubtful_join *join = &creates->joins[i];

		if (went_wrong(join) && !is_somebodys(join->thread->process, join->pthread))
			status = tell(creates, join);
	}
	return status;
}
