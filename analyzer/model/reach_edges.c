#include <stdlib.h>

#include "model/reach_private.h"
#include "model/state.h"

/* Notes that from its current position on the thread comes after more than before. */
static enum ct_status note_past(struct ct_reach_thread *thread)
{
	const struct ct_vclock *now = &thread->now.must;
	size_t count = thread->past_count;
	enum ct_status status;

	thread->since = now->epoch;
	if (count && thread->pasts[count - 1].epoch == now->epoch) {
		ct_reach_set_clock(&thread->pasts[count - 1], now);
		return CT_OK;
	}
	status = ct_vec_grow(&thread->pasts, &thread->past_cap, thread->past_count + 1,
			     sizeof(*thread->pasts));
	if (status == CT_OK)
		thread->pasts[thread->past_count++] = ct_vclock_copy(now);
	return status;
}

static enum ct_status need(struct ct_reach *reach, uint32_t thread, const struct ct_vclock *past)
{
	struct ct_reach_thread *to = &reach->threads[thread];
	const struct ct_clock_others *before = to->now.must.others;
	enum ct_status status = ct_vclock_join(&to->now.must, past);

	return status || to->now.must.others == before ? status : note_past(to);
}

enum ct_status ct_reach_follow(struct ct_reach *reach, uint32_t thread,
			       const struct ct_reach_stamp *past)
{
	enum ct_status status = need(reach, thread, &past->must);

	return status ? status : ct_hb_follow(reach, thread, &past->before);
}

const struct ct_vclock *ct_reach_past(const struct ct_reach_thread *thread, uint32_t position)
{
	size_t low = 0, high = thread->past_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (thread->pasts[mid].epoch <= position)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &thread->pasts[low - 1] : NULL;
}

enum ct_status ct_reach_need_event(struct ct_reach *reach, uint32_t thread, uint32_t other,
				   uint32_t position)
{
	const struct ct_vclock *past = ct_reach_past(&reach->threads[other], position);
	struct ct_vclock at = {.thread = other, .epoch = position};

	if (ct_vclock_epoch(&reach->threads[thread].now.must, other) >= position)
		return CT_OK;
	at.others = past ? past->others : NULL;
	return need(reach, thread, &at);
}

enum ct_status ct_reach_follow_event(struct ct_reach *reach, uint32_t thread, uint32_t other,
				     uint32_t position)
{
	enum ct_status status = ct_reach_need_event(reach, thread, other, position);

	return status ? status : ct_hb_follow_event(reach, thread, other, position);
}

enum ct_status ct_reach_source(struct ct_reach *reach, const struct ct_object *object,
			       struct ct_reach_source **out_source)
{
	enum ct_status status = ct_vec_grow(&reach->sources, &reach->source_cap,
					    (size_t)object->id + 1, sizeof(*reach->sources));

	if (status)
		return status;
	while (reach->source_count <= object->id) {
		struct ct_reach_source *source = &reach->sources[reach->source_count++];

		*source = (struct ct_reach_source){0};
		ct_stamp_init_joint(&source->writer);
		ct_stamp_init_joint(&source->readers);
		ct_vclock_init_joint(&source->freed[CT_MODE_SHARED]);
		ct_vclock_init_joint(&source->freed[CT_MODE_EXCLUSIVE]);
	}
	*out_source = &reach->sources[object->id];
	return CT_OK;
}

/* The model's epochs end where something of the thread becomes known to others. */
static enum ct_status note_ends(struct ct_reach_thread *thread, uint32_t epoch)
{
	while (thread->end_count + 1 < epoch) {
		enum ct_status status = ct_vec_grow(&thread->ends, &thread->end_cap,
						    thread->end_count + 1, sizeof(*thread->ends));

		if (status)
			return status;
		thread->ends[thread->end_count++] = thread->now.must.epoch;
	}
	return CT_OK;
}

struct following {
	struct ct_reach *reach;
	uint32_t thread;
};

/* The model's clock has learnt of an epoch of another thread. */
static enum ct_status follow_epoch(void *context, uint32_t other, uint32_t epoch)
{
	const struct following *following = context;
	struct ct_reach *reach = following->reach;
	struct ct_reach_thread *of = &reach->threads[other];
	enum ct_status status;

	if (!epoch)
		return CT_OK;
	status = note_ends(of, reach->model->threads[other]->clock->epoch);

	if (status)
		return status;
	return ct_reach_follow_event(reach, following->thread, other,
				     epoch <= of->end_count ? of->ends[epoch - 1]
							    : of->now.must.epoch);
}

/* Create, join, fork, wait, barriers, what one thread alone gives. The creator first: it knows most
 * of it, and then only the rest has to be looked at. */
static enum ct_status follow_model(struct ct_reach *reach, const struct ct_thread *of)
{
	struct following following = {reach, of->id};
	struct ct_reach_thread *thread = &reach->threads[of->id];
	const struct ct_vclock *known = &thread->known;
	enum ct_status status = CT_OK;

	if (of->clock->others == thread->known.others)
		return CT_OK;
	if (of->creator && !thread->known.others) {
		uint32_t epoch = ct_vclock_epoch(of->clock, of->creator->id);

		if (epoch) {
			status = follow_epoch(&following, of->creator->id, epoch);
			known = &reach->threads[of->creator->id].known;
		}
	}
	if (status == CT_OK)
		status = ct_vclock_differences(known, of->clock, follow_epoch, &following);
	if (status == CT_OK)
		ct_reach_set_clock(&thread->known, of->clock);
	return status;
}

/* Signals and ends of initialisations: whoever comes out later is taken to come after all of them.
 */
static enum ct_status give(struct ct_reach *reach, const struct ct_thread *of,
			   const struct ct_object *object)
{
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, object, &source);

	return status ? status : ct_stamp_join(&source->writer, &reach->threads[of->id].now);
}

static enum ct_status take(struct ct_reach *reach, const struct ct_thread *of,
			   const struct ct_object *object)
{
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, object, &source);

	return status ? status : ct_reach_follow(reach, of->id, &source->writer);
}

static enum ct_status post(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, step->object, &source);

	if (status == CT_OK)
		status = ct_vec_grow(&source->posts, &source->post_cap, source->post_count + 1,
				     sizeof(*source->posts));
	if (status)
		return status;
	source->posts[source->post_count++] = ct_stamp_copy(&reach->threads[step->thread->id].now);
	return CT_OK;
}

/* The n-th wait comes after the first n - initial value posts: `writer` gathers them. */
static enum ct_status sem_wait_step(struct ct_reach *reach, const struct ct_step *step)
{
	uint64_t initial = step->object->initialised ? (uint32_t)step->object->init_arg : 0;
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, step->object, &source);

	if (status == CT_OK) /* who finds no unit there comes after those who took them */
		status = ct_stamp_join(&source->readers, &reach->threads[step->thread->id].now);
	if (status || ++source->waits <= initial)
		return status;
	if (source->post_first < source->post_count) {
		struct ct_reach_stamp *first = &source->posts[source->post_first++];

		status = ct_stamp_join(&source->writer, first);
		ct_stamp_fini(first);
	}
	if (source->post_first == source->post_count)
		source->post_first = source->post_count = 0;
	/* of one that is a lock the closure takes care */
	if (status || ct_unit_is_lock(reach->units, step->object))
		return status;
	return ct_reach_follow(reach, step->thread->id, &source->writer);
}

static enum ct_status barrier(struct ct_reach *reach, const struct ct_step *step)
{
	return step->request ? give(reach, step->thread, step->object)
			     : take(reach, step->thread, step->object);
}

/* To be woken is an event of its own, so that one can stand between it and taking the mutex. */
static enum ct_status wait_step(struct ct_reach *reach, const struct ct_step *step)
{
	enum ct_status status = CT_OK;

	if (!step->mutex)
		return CT_OK;
	if (step->request)
		return ct_reach_leave(reach, step, step->mutex);
	if (step->object && !(step->record->flags & CT_F_TIMED_OUT))
		status = take(reach, step->thread, step->object);
	ct_reach_advance(reach, step->thread->id);
	return status ? status : ct_reach_enter(reach, step, step->mutex, CT_MODE_EXCLUSIVE);
}

static enum ct_status failed_try(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_source *source;
	enum ct_status status;

	if (!step->object)
		return ct_reach_exchange(reach, step);
	status = ct_reach_source(reach, step->object, &source);
	if (status)
		return status;
	source->tried = true;
	if (step->object->kind == CT_OBJECT_ONCE) /* the next to try comes after it */
		return give(reach, step->thread, step->object);
	return ct_kind_is_lock(step->object->kind) ? ct_reach_found_held(reach, step, step->object)
						   : ct_reach_exchange(reach, step);
}

static enum ct_status cancel(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_stamp *cancelled =
		step->other ? &reach->threads[step->other->id].cancelled : &reach->cancelled;

	return ct_stamp_join(cancelled, &reach->threads[step->thread->id].now);
}

/* Comes after all that a process did until now; for what is known only of some thread of it. */
static enum ct_status follow_process(struct ct_reach *reach, const struct ct_thread *thread,
				     const struct ct_process *process)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < process->thread_count; i++)
		if (process->threads[i] != thread)
			status = ct_reach_follow(reach, thread->id,
						 &reach->threads[process->threads[i]->id].now);
	return status;
}

/* Whose creation was not seen, libc made: for a timer that was armed, say, for asynchronous input,
 * for system(). Who asked for it is not known: any thread of its process, or its parent's, may
 * have. */
static enum ct_status start(struct ct_reach *reach, const struct ct_step *step)
{
	const struct ct_thread *thread = step->thread;
	const struct ct_process *process = thread->process;
	enum ct_status status = ct_reach_follow(reach, thread->id, &reach->cancelled);

	if (status)
		return status;
	if (thread->number == 1)
		return thread->creator || !process->parent
			       ? CT_OK
			       : follow_process(reach, thread, process->parent);
	if (ct_thread_state(thread)->created)
		return CT_OK;
	status = ct_reach_follow(reach, thread->id, &reach->given);
	return status ? status : follow_process(reach, thread, process);
}

/* system() has waited for its child: for one whose creation was not seen, that has ended. */
static enum ct_status system_done(struct ct_reach *reach, const struct ct_step *step)
{
	const struct ct_model *model = reach->model;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < model->process_count; i++) {
		const struct ct_process *child = model->processes[i];

		if (child->parent == step->thread->process && child->thread_count &&
		    !child->threads[0]->creator)
			status = follow_process(reach, step->thread, child);
	}
	return status;
}

/* Who did not have to ask found that all was done. */
static enum ct_status once(struct ct_reach *reach, const struct ct_step *step)
{
	enum ct_status status = take(reach, step->thread, step->object);

	return status || !(step->record->flags & CT_F_BLOCKED)
		       ? status
		       : give(reach, step->thread, step->object);
}

static enum ct_status apply(struct ct_reach *reach, const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		if (step->request || !step->outermost || !step->object)
			return CT_OK;
		return ct_reach_enter(reach, step, step->object,
				      step->effect == CT_EFFECT_ACQUIRE ? CT_MODE_EXCLUSIVE
									: CT_MODE_SHARED);
	case CT_EFFECT_RELEASE:
		if (!step->outermost || !step->object)
			return CT_OK;
		return ct_reach_leave(reach, step, step->object);
	case CT_EFFECT_WAIT:
		return wait_step(reach, step);
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return step->object ? give(reach, step->thread, step->object) : CT_OK;
	case CT_EFFECT_ONCE:
		if (step->request || !step->object)
			return CT_OK;
		return once(reach, step);
	case CT_EFFECT_SEM_POST:
		return step->object ? post(reach, step) : CT_OK;
	case CT_EFFECT_SEM_WAIT:
		return step->object && !step->request ? sem_wait_step(reach, step) : CT_OK;
	case CT_EFFECT_BARRIER:
		return step->object ? barrier(reach, step) : CT_OK;
	case CT_EFFECT_THREAD_CANCEL:
		return cancel(reach, step);
	case CT_EFFECT_THREAD_START:
		return start(reach, step);
	case CT_EFFECT_SYSTEM:
		return step->request ? CT_OK : system_done(reach, step);
	case CT_EFFECT_FAILURE:
		return failed_try(reach, step);
	default:
		return ct_reach_exchange(reach, step);
	}
}

static enum ct_status note_event(struct ct_reach_thread *thread, const struct ct_step *step)
{
	uint32_t object = step->object ? step->object->id + 1 : 0;
	enum ct_status status = ct_vec_grow(&thread->events, &thread->event_cap,
					    thread->event_count + 1, sizeof(*thread->events));

	if (status)
		return status;
	if (step->other)
		object = step->other->id + 1;
	thread->events[thread->event_count++] =
		(struct ct_reach_event){.position = thread->now.must.epoch,
					.order = (uint32_t)step->index,
					.stack = step->record->stack,
					.object = object,
					.event = step->record->event,
					.flags = step->record->flags};
	return CT_OK;
}

static enum ct_status apply_unit(struct ct_reach *reach, const struct ct_step *step)
{
	const struct ct_unit_op *op = &reach->unit;
	enum ct_status status = CT_OK;

	if (op->deeds & CT_UNIT_GIVE)
		status = ct_reach_leave(reach, step, op->object);
	if (status == CT_OK && op->deeds & CT_UNIT_TAKE)
		status = ct_reach_enter(reach, step, op->object, op->mode);
	return status;
}

static bool is_access(const struct ct_step *step)
{
	return step->effect >= CT_EFFECT_ACCESS_READ && step->effect <= CT_EFFECT_FENCE;
}

enum ct_status ct_reach_step(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_thread *thread = &reach->threads[step->thread->id];
	enum ct_status status;

	if (step->index < reach->next) /* another user of it was here first */
		return CT_OK;
	reach->next = step->index + 1;
	status = note_ends(thread, step->thread->clock->epoch);
	if (status == CT_OK)
		status = follow_model(reach, step->thread);
	if (status == CT_OK)
		status = ct_units_step(reach->units, step, &reach->unit);
	if (status)
		return status;
	ct_reach_advance(reach, step->thread->id);
	status = ct_reach_follow(reach, step->thread->id, &thread->cancelled);
	if (status == CT_OK)
		status = apply(reach, step);
	if (status == CT_OK)
		status = apply_unit(reach, step);
	if (status == CT_OK && !is_access(step)) {
		thread->since = thread->now.must.epoch;
		status = note_event(thread, step);
	}
	return status ? status : ct_reach_accesses(reach, step);
}

enum ct_status ct_reach_finish(struct ct_reach *reach)
{
	enum ct_status status = CT_OK;

	if (reach->finished)
		return CT_OK;
	reach->finished = true;
	for (size_t i = 0; !status && i < reach->model->thread_count; i++)
		status = follow_model(reach, reach->model->threads[i]);
	for (size_t i = 0; i < reach->source_count; i++) {
		const struct ct_object *object = reach->model->objects[i];

		reach->sources[i].general = ct_unit_was_lock(reach->units, object) &&
					    !ct_unit_is_lock(reach->units, object);
	}
	return status;
}
