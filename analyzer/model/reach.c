#include <stdlib.h>

#include "model/reach_private.h"

enum ct_status ct_reach_new(const struct ct_model *model, struct ct_reach **out_reach)
{
	struct ct_reach *reach = calloc(1, sizeof(*reach));

	if (!reach)
		return CT_ENOMEM;
	reach->threads = calloc(model->thread_count + 1, sizeof(*reach->threads));
	if (!reach->threads || ct_units_new(model, &reach->units) != CT_OK) {
		free(reach->threads);
		free(reach);
		return CT_ENOMEM;
	}
	reach->model = model;
	ct_map_init(&reach->writes);
	ct_map_init(&reach->pair_of);
	ct_vclock_init_joint(&reach->given);
	ct_vclock_init_joint(&reach->taken);
	ct_vclock_init_joint(&reach->ended);
	ct_vclock_init_joint(&reach->cancelled);
	for (size_t i = 0; i < model->thread_count; i++) {
		ct_vclock_init(&reach->threads[i].clock, (uint32_t)i);
		ct_vclock_init(&reach->threads[i].known, (uint32_t)i);
		ct_vclock_init_joint(&reach->threads[i].cancelled);
		ct_vclock_init_joint(&reach->threads[i].met);
		reach->threads[i].clock.epoch = 0;
	}
	*out_reach = reach;
	return CT_OK;
}

static void free_clocks(struct ct_vclock *clocks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ct_vclock_fini(&clocks[i]);
	free(clocks);
}

static void free_thread(struct ct_reach_thread *thread)
{
	ct_vclock_fini(&thread->clock);
	ct_vclock_fini(&thread->known);
	ct_vclock_fini(&thread->cancelled);
	ct_vclock_fini(&thread->met);
	free_clocks(thread->pasts, thread->past_count);
	free(thread->sections);
	free(thread->events);
	free(thread->ends);
}

static void free_source(struct ct_reach_source *source)
{
	ct_vclock_fini(&source->writer);
	ct_vclock_fini(&source->readers);
	free_clocks(source->posts, source->post_count);
	free(source->pairs);
	free(source->holders);
}

void ct_reach_free(struct ct_reach *reach)
{
	if (!reach)
		return;
	for (size_t i = 0; i < reach->model->thread_count; i++)
		free_thread(&reach->threads[i]);
	for (size_t i = 0; i < reach->source_count; i++)
		free_source(&reach->sources[i]);
	for (size_t i = 0; i < reach->pair_count; i++)
		free(reach->pairs[i].sections);
	ct_units_free(reach->units);
	free_clocks(reach->last_writes, reach->write_count);
	ct_map_fini(&reach->writes);
	ct_map_fini(&reach->pair_of);
	ct_vclock_fini(&reach->given);
	ct_vclock_fini(&reach->taken);
	ct_vclock_fini(&reach->ended);
	ct_vclock_fini(&reach->cancelled);
	free(reach->pairs);
	free(reach->sources);
	free(reach->threads);
	free(reach);
}

uint32_t ct_reach_position(const struct ct_reach *reach, const struct ct_thread *thread)
{
	return reach->threads[thread->id].clock.epoch;
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
