#include <stdlib.h>

#include "model/reach_private.h"
#include "model/state.h"

/* So many cells are looked at, with the bytes of all accesses. A damaged trace can claim many more
 * than any program can touch. */
#define CELLS_MAX (UINT64_C(1) << 28)

static enum ct_status new_memory(struct ct_reach *reach)
{
	const struct ct_trace *trace = reach->model->trace;
	enum ct_status status;

	if (!trace->some_accesses)
		return CT_OK;
	status = ct_hb_new(reach, &reach->hb);
	if (status == CT_OK)
		status = ct_locksets_init(&reach->locksets);
	if (status == CT_OK)
		status = ct_shadow_new(&reach->locksets, trace->text, &reach->shadow);
	reach->budget = CELLS_MAX;
	return status;
}

static void init_threads(struct ct_reach *reach)
{
	for (size_t i = 0; i < reach->model->thread_count; i++) {
		struct ct_reach_thread *thread = &reach->threads[i];

		ct_vclock_init(&thread->now.must, (uint32_t)i);
		ct_vclock_init_joint(&thread->now.before);
		ct_vclock_init(&thread->known, (uint32_t)i);
		ct_stamp_init_joint(&thread->cancelled);
		thread->now.must.epoch = 0;
	}
}

static enum ct_status new_reach(const struct ct_model *model, struct ct_reach **out_reach)
{
	struct ct_reach *reach = calloc(1, sizeof(*reach));
	enum ct_status status;

	if (!reach)
		return CT_ENOMEM;
	reach->threads = calloc(model->thread_count + 1, sizeof(*reach->threads));
	if (!reach->threads || ct_units_new(model, &reach->units) != CT_OK) {
		free(reach->threads);
		free(reach);
		return CT_ENOMEM;
	}
	reach->model = model;
	reach->users = 1;
	ct_map_init(&reach->pair_of);
	ct_stamp_init_joint(&reach->given);
	ct_stamp_init_joint(&reach->taken);
	ct_stamp_init_joint(&reach->ended);
	ct_stamp_init_joint(&reach->cancelled);
	init_threads(reach);
	status = new_memory(reach);
	if (status)
		ct_reach_free(reach);
	else
		*out_reach = reach;
	return status;
}

enum ct_status ct_reach_share(const struct ct_model *model, struct ct_reach **out_reach)
{
	struct ct_reach **shared = &ct_model_state(model)->reach;
	enum ct_status status = CT_OK;

	if (*shared)
		(*shared)->users++;
	else
		status = new_reach(model, shared);
	if (status == CT_OK)
		*out_reach = *shared;
	return status;
}

void ct_reach_watch(struct ct_reach *reach, ct_reach_watch_fn *watch, void *context)
{
	reach->watch = watch;
	reach->watch_context = context;
}

void ct_reach_advance(struct ct_reach *reach, uint32_t thread)
{
	struct ct_reach_stamp *now = &reach->threads[thread].now;

	now->must.epoch++;
	if (reach->hb)
		now->before.epoch = now->must.epoch;
}

void ct_stamp_init_joint(struct ct_reach_stamp *stamp)
{
	ct_vclock_init_joint(&stamp->must);
	ct_vclock_init_joint(&stamp->before);
}

void ct_stamp_fini(struct ct_reach_stamp *stamp)
{
	ct_vclock_fini(&stamp->must);
	ct_vclock_fini(&stamp->before);
}

struct ct_reach_stamp ct_stamp_copy(const struct ct_reach_stamp *stamp)
{
	return (struct ct_reach_stamp){ct_vclock_copy(&stamp->must),
				       ct_vclock_copy(&stamp->before)};
}

enum ct_status ct_stamp_join(struct ct_reach_stamp *stamp, const struct ct_reach_stamp *other)
{
	enum ct_status status = ct_vclock_join(&stamp->must, &other->must);

	return status ? status : ct_vclock_join(&stamp->before, &other->before);
}

void ct_reach_set_clock(struct ct_vclock *clock, const struct ct_vclock *to)
{
	struct ct_vclock old = *clock;

	*clock = ct_vclock_copy(to);
	ct_vclock_fini(&old);
}

static void free_thread(struct ct_reach_thread *thread)
{
	ct_stamp_fini(&thread->now);
	ct_vclock_fini(&thread->known);
	ct_stamp_fini(&thread->cancelled);
	for (size_t i = 0; i < thread->past_count; i++)
		ct_vclock_fini(&thread->pasts[i]);
	free(thread->pasts);
	free(thread->sections);
	free(thread->events);
	free(thread->ends);
}

static void free_source(struct ct_reach_source *source)
{
	ct_stamp_fini(&source->writer);
	ct_stamp_fini(&source->readers);
	for (size_t i = source->post_first; i < source->post_count; i++)
		ct_stamp_fini(&source->posts[i]);
	free(source->posts);
	ct_vclock_fini(&source->freed[CT_MODE_SHARED]);
	ct_vclock_fini(&source->freed[CT_MODE_EXCLUSIVE]);
	free(source->pairs);
	free(source->holders);
}

void ct_reach_free(struct ct_reach *reach)
{
	if (!reach || --reach->users)
		return;
	if (ct_model_state(reach->model)->reach == reach)
		ct_model_state(reach->model)->reach = NULL;
	ct_hb_free(reach);
	if (reach->shadow)
		ct_locksets_fini(&reach->locksets);
	ct_shadow_free(reach->shadow);
	for (size_t i = 0; i < reach->model->thread_count; i++)
		free_thread(&reach->threads[i]);
	for (size_t i = 0; i < reach->source_count; i++)
		free_source(&reach->sources[i]);
	for (size_t i = 0; i < reach->pair_count; i++)
		free(reach->pairs[i].sections);
	ct_units_free(reach->units);
	ct_map_fini(&reach->pair_of);
	ct_stamp_fini(&reach->given);
	ct_stamp_fini(&reach->taken);
	ct_stamp_fini(&reach->ended);
	ct_stamp_fini(&reach->cancelled);
	free(reach->pairs);
	free(reach->sources);
	free(reach->threads);
	free(reach);
}

uint32_t ct_reach_position(const struct ct_reach *reach, const struct ct_thread *thread)
{
	return reach->threads[thread->id].now.must.epoch;
}

const struct ct_reach_event *ct_reach_events(const struct ct_reach *reach,
					     const struct ct_thread *thread, size_t *out_count)
{
	*out_count = reach->threads[thread->id].event_count;
	return reach->threads[thread->id].events;
}

const struct ct_unit_op *ct_reach_unit(const struct ct_reach *reach)
{
	return &reach->unit;
}

const struct ct_units *ct_reach_units(const struct ct_reach *reach)
{
	return reach->units;
}

uint16_t ct_reach_ordered_by(const struct ct_reach *reach, const struct ct_thread *other,
			     uint32_t position, const struct ct_thread *thread, uint32_t until)
{
	const struct ct_reach_thread *of = &reach->threads[thread->id];
	size_t low = 0, high = of->past_count;
	uint32_t at;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ct_vclock_epoch(&of->pasts[mid], other->id) < position)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == of->past_count || of->pasts[low].epoch > until)
		return 0;
	at = of->pasts[low].epoch;
	if (!at)
		return thread->creator && thread->creator->process != thread->process
			       ? CT_EV_FORK
			       : CT_EV_THREAD_CREATE;
	for (low = 0, high = of->event_count; low < high;) {
		size_t mid = low + (high - low) / 2;

		if (of->events[mid].position < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low < of->event_count ? of->events[low].event : 0;
}
