#include <stdlib.h>

#include "model/reach_private.h"
#include "model/state.h"

static void set_clock(struct ct_vclock *clock, const struct ct_vclock *to)
{
	struct ct_vclock old = *clock;

	*clock = ct_vclock_copy(to);
	ct_vclock_fini(&old);
}

enum ct_status ct_reach_follow(struct ct_reach_thread *thread, const struct ct_vclock *past)
{
	enum ct_status status = ct_vclock_join(&thread->full, past);

	return status ? status : ct_vclock_join(&thread->sound, past);
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
		ct_vclock_init_joint(&source->writer);
		ct_vclock_init_joint(&source->readers);
		ct_vclock_init_joint(&source->taken);
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
		thread->ends[thread->end_count++] = ct_vclock_copy(&thread->full);
	}
	return CT_OK;
}

/* Takes over what the model's own clock has learnt of one thread. What is known to a position of it
 * is known with all that came before that: then there is nothing to do, as mostly. */
static enum ct_status follow_thread(struct ct_reach *reach, const struct ct_thread *of, uint32_t t)
{
	struct ct_reach_thread *thread = &reach->threads[of->id], *other = &reach->threads[t];
	uint32_t epoch = ct_vclock_epoch(of->clock, t);
	const struct ct_vclock *past;

	if (t == of->id || epoch == 0)
		return CT_OK;
	if (epoch > other->end_count &&
	    note_ends(other, reach->model->threads[t]->clock->epoch) != CT_OK)
		return CT_ENOMEM;
	past = epoch <= other->end_count ? &other->ends[epoch - 1] : &other->full;
	if (ct_vclock_epoch(&thread->sound, t) >= past->epoch)
		return CT_OK;
	return ct_reach_follow(thread, past);
}

/* Create, join, fork, wait, semaphores, pipes. The creator first: it knows the most. */
static enum ct_status follow_model(struct ct_reach *reach, const struct ct_thread *of)
{
	struct ct_reach_thread *thread = &reach->threads[of->id];
	enum ct_status status = CT_OK;

	if (of->clock->others == thread->known)
		return CT_OK;
	thread->known = of->clock->others;
	if (of->creator)
		status = follow_thread(reach, of, of->creator->id);
	for (uint32_t t = 0; !status && t < reach->model->thread_count; t++)
		status = follow_thread(reach, of, t);
	return status;
}

static enum ct_status open_section(struct ct_reach_source *source, enum ct_mode mode,
				   uint32_t thread, uint32_t position, uint32_t *out_section)
{
	size_t kept = source->section_count < CT_REACH_SECTIONS ? source->section_count + 1u
								: CT_REACH_SECTIONS;
	enum ct_status status = ct_vec_grow(&source->sections, &source->section_cap, kept,
					    sizeof(*source->sections));
	struct ct_reach_section *section;

	if (status)
		return status;
	*out_section = source->section_count++;
	section = &source->sections[*out_section % CT_REACH_SECTIONS];
	if (*out_section >= CT_REACH_SECTIONS)
		ct_vclock_fini(&section->left);
	*section = (struct ct_reach_section){.thread = thread, .begin = position, .mode = mode};
	return CT_OK;
}

static enum ct_status acquire(struct ct_reach *reach, const struct ct_thread *of,
			      const struct ct_object *object, enum ct_mode mode)
{
	struct ct_reach_thread *thread = &reach->threads[of->id];
	struct ct_reach_pending pending = {.object = object, .mode = mode};
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, object, &source);

	if (status)
		return status;
	status = ct_vec_grow(&thread->pending, &thread->pending_cap, thread->pending_count + 1,
			     sizeof(*thread->pending));
	if (status == CT_OK)
		status = open_section(source, mode, of->id, thread->full.epoch, &pending.section);
	if (status)
		return status;
	ct_vclock_init_joint(&pending.past);
	status = ct_vclock_join(&pending.past, &source->writer);
	if (status == CT_OK && mode == CT_MODE_EXCLUSIVE)
		status = ct_vclock_join(&pending.past, &source->readers);
	if (status == CT_OK)
		status = ct_vclock_join(&thread->full, &pending.past);
	thread->pending[thread->pending_count++] = pending;
	set_clock(&source->taken, &thread->full);
	return status;
}

static void close_section(struct ct_reach_source *source, uint32_t number,
			  const struct ct_vclock *now)
{
	struct ct_reach_section *section = &source->sections[number % CT_REACH_SECTIONS];

	if (source->section_count - number > CT_REACH_SECTIONS)
		return;
	section->end = now->epoch;
	section->left = ct_vclock_copy(now);
}

static enum ct_status release(struct ct_reach *reach, const struct ct_thread *of,
			      const struct ct_object *object)
{
	struct ct_reach_thread *thread = &reach->threads[of->id];
	size_t at = thread->pending_count;
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, object, &source);
	struct ct_reach_pending pending;

	if (status)
		return status;
	while (at > 0 && thread->pending[at - 1].object != object)
		at--;
	if (at == 0) { /* taken before the trace began, or by another thread */
		set_clock(&source->writer, &thread->full);
		return CT_OK;
	}
	pending = thread->pending[--at];
	for (; at + 1 < thread->pending_count; at++)
		thread->pending[at] = thread->pending[at + 1];
	thread->pending_count--;
	close_section(source, pending.section, &thread->full);
	status = ct_vclock_join(&thread->sound, &pending.past);
	ct_vclock_fini(&pending.past);
	if (status)
		return status;
	if (pending.mode == CT_MODE_SHARED)
		return ct_vclock_join(&source->readers, &thread->full);
	set_clock(&source->writer, &thread->full);
	return CT_OK;
}

/* Signals and ends of initialisations: whoever comes out later is taken to come after all of them.
 */
static enum ct_status give(struct ct_reach *reach, const struct ct_thread *of,
			   const struct ct_object *object)
{
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, object, &source);

	return status ? status : ct_vclock_join(&source->writer, &reach->threads[of->id].full);
}

static enum ct_status take(struct ct_reach *reach, const struct ct_thread *of,
			   const struct ct_object *object)
{
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, object, &source);

	return status ? status : ct_reach_follow(&reach->threads[of->id], &source->writer);
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
	source->posts[source->post_count++] =
		ct_vclock_copy(&reach->threads[step->thread->id].full);
	return CT_OK;
}

/* The n-th wait comes after the first n - initial value posts: `writer` gathers them. */
static enum ct_status sem_wait_step(struct ct_reach *reach, const struct ct_step *step)
{
	uint64_t initial = step->object->initialised ? (uint32_t)step->object->init_arg : 0;
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, step->object, &source);

	if (status || ++source->waits <= initial)
		return status;
	if (source->post_first < source->post_count) {
		struct ct_vclock *first = &source->posts[source->post_first++];

		status = ct_vclock_join(&source->writer, first);
		ct_vclock_fini(first);
	}
	if (source->post_first == source->post_count)
		source->post_first = source->post_count = 0;
	return status ? status
		      : ct_reach_follow(&reach->threads[step->thread->id], &source->writer);
}

static enum ct_status barrier(struct ct_reach *reach, const struct ct_step *step)
{
	return step->request ? give(reach, step->thread, step->object)
			     : take(reach, step->thread, step->object);
}

static enum ct_status wait_step(struct ct_reach *reach, const struct ct_step *step)
{
	enum ct_status status = CT_OK;

	if (!step->mutex)
		return CT_OK;
	if (step->request)
		return release(reach, step->thread, step->mutex);
	if (step->object && !(step->record->flags & CT_F_TIMED_OUT))
		status = take(reach, step->thread, step->object);
	return status ? status : acquire(reach, step->thread, step->mutex, CT_MODE_EXCLUSIVE);
}

static enum ct_status failed_try(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_source *source;
	enum ct_status status;

	if (step->object && !ct_kind_is_lock(step->object->kind))
		return ct_reach_exchange(reach, step);
	if (!step->object)
		return CT_OK;
	status = ct_reach_source(reach, step->object, &source);
	return status ? status : ct_reach_follow(&reach->threads[step->thread->id], &source->taken);
}

static enum ct_status access_step(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_thread *thread = &reach->threads[step->thread->id];
	uint64_t at;
	enum ct_status status;

	if (ct_map_get(&reach->writes, step->record->object, &at)) {
		if (step->effect == CT_EFFECT_ACCESS_READ)
			return ct_reach_follow(thread, &reach->last_writes[at]);
		set_clock(&reach->last_writes[at], &thread->full);
		return CT_OK;
	}
	if (step->effect == CT_EFFECT_ACCESS_READ)
		return CT_OK;
	status = ct_vec_grow(&reach->last_writes, &reach->write_cap, reach->write_count + 1,
			     sizeof(*reach->last_writes));
	if (status)
		return status;
	reach->last_writes[reach->write_count] = ct_vclock_copy(&thread->full);
	return ct_map_put(&reach->writes, step->record->object, reach->write_count++);
}

static enum ct_status apply(struct ct_reach *reach, const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		if (step->request || !step->outermost || !step->object)
			return CT_OK;
		return acquire(reach, step->thread, step->object,
			       step->effect == CT_EFFECT_ACQUIRE ? CT_MODE_EXCLUSIVE
								 : CT_MODE_SHARED);
	case CT_EFFECT_RELEASE:
		if (!step->outermost || !step->object)
			return CT_OK;
		return release(reach, step->thread, step->object);
	case CT_EFFECT_WAIT:
		return wait_step(reach, step);
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return step->object ? give(reach, step->thread, step->object) : CT_OK;
	case CT_EFFECT_ONCE:
		if (step->request || !step->object)
			return CT_OK;
		if (take(reach, step->thread, step->object) != CT_OK)
			return CT_ENOMEM;
		return give(reach, step->thread, step->object);
	case CT_EFFECT_SEM_POST:
		return step->object ? post(reach, step) : CT_OK;
	case CT_EFFECT_SEM_WAIT:
		return step->object && !step->request ? sem_wait_step(reach, step) : CT_OK;
	case CT_EFFECT_BARRIER:
		return step->object ? barrier(reach, step) : CT_OK;
	case CT_EFFECT_FAILURE:
		return failed_try(reach, step);
	case CT_EFFECT_ACCESS_READ:
	case CT_EFFECT_ACCESS_WRITE:
		return access_step(reach, step);
	default:
		return ct_reach_exchange(reach, step);
	}
}

enum ct_status ct_reach_step(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_thread *thread = &reach->threads[step->thread->id];
	enum ct_status status = note_ends(thread, step->thread->clock->epoch);

	if (status == CT_OK)
		status = follow_model(reach, step->thread);
	if (status)
		return status;
	thread->sound.epoch = ++thread->full.epoch;
	return apply(reach, step);
}
