#include <stdlib.h>

#include "model/reach_private.h"

enum ct_status ct_reach_new(const struct ct_model *model, struct ct_reach **out_reach)
{
	struct ct_reach *reach = calloc(1, sizeof(*reach));

	if (!reach)
		return CT_ENOMEM;
	reach->threads = calloc(model->thread_count + 1, sizeof(*reach->threads));
	if (!reach->threads) {
		free(reach);
		return CT_ENOMEM;
	}
	reach->model = model;
	ct_map_init(&reach->writes);
	ct_vclock_init_joint(&reach->given);
	ct_vclock_init_joint(&reach->taken);
	ct_vclock_init_joint(&reach->ended);
	for (size_t i = 0; i < model->thread_count; i++) {
		ct_vclock_init(&reach->threads[i].full, (uint32_t)i);
		ct_vclock_init(&reach->threads[i].sound, (uint32_t)i);
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

void ct_reach_free(struct ct_reach *reach)
{
	if (!reach)
		return;
	for (size_t i = 0; i < reach->model->thread_count; i++) {
		struct ct_reach_thread *thread = &reach->threads[i];

		ct_vclock_fini(&thread->full);
		ct_vclock_fini(&thread->sound);
		free_clocks(thread->ends, thread->end_count);
		for (size_t p = 0; p < thread->pending_count; p++)
			ct_vclock_fini(&thread->pending[p].past);
		free(thread->pending);
	}
	for (size_t i = 0; i < reach->source_count; i++) {
		ct_vclock_fini(&reach->sources[i].writer);
		ct_vclock_fini(&reach->sources[i].readers);
		ct_vclock_fini(&reach->sources[i].taken);
		for (size_t k = 0; k < CT_REACH_SECTIONS && k < reach->sources[i].section_count;
		     k++)
			ct_vclock_fini(&reach->sources[i].sections[k].left);
		free(reach->sources[i].sections);
		free_clocks(reach->sources[i].posts, reach->sources[i].post_count);
	}
	free_clocks(reach->last_writes, reach->write_count);
	ct_map_fini(&reach->writes);
	ct_vclock_fini(&reach->given);
	ct_vclock_fini(&reach->taken);
	ct_vclock_fini(&reach->ended);
	free(reach->sources);
	free(reach->threads);
	free(reach);
}

void ct_reach_take(const struct ct_reach *reach, const struct ct_thread *thread,
		   struct ct_reach_stamp *out_stamp)
{
	out_stamp->thread = thread;
	out_stamp->past = ct_vclock_copy(&reach->threads[thread->id].sound);
	out_stamp->past.epoch--;
}

enum place { OUTSIDE, INSIDE, UNKNOWN };

/* Where a thread that has come as far as `position` stands to a lock. */
static enum place place_of(const struct ct_reach_source *source, uint32_t thread, uint32_t position,
			   const struct ct_reach_section **out_section)
{
	uint32_t oldest = source->section_count > CT_REACH_SECTIONS
				  ? source->section_count - CT_REACH_SECTIONS
				  : 0;
	bool seen = oldest == 0 || position == 0;

	for (uint32_t i = oldest; i < source->section_count; i++) {
		const struct ct_reach_section *section = &source->sections[i % CT_REACH_SECTIONS];

		if (section->thread != thread)
			continue;
		if (section->begin > position)
			break;
		seen = true;
		if (section->end && section->end <= position)
			continue;
		*out_section = section;
		return INSIDE;
	}
	return seen ? OUTSIDE : UNKNOWN;
}

/* Lets whoever stands inside a lock that a requester holds go on until it is outside. *out_moved:
 * somebody had to; *out_possible: false, if one never leaves or cannot be placed. */
static enum ct_status leave_locks(const struct ct_reach *reach, const struct ct_reach_stamp *stamp,
				  struct ct_vclock *all, bool *out_moved, bool *out_possible)
{
	for (size_t h = 0; h < stamp->held_count; h++) {
		if (stamp->held[h].object->id >= reach->source_count)
			continue;
		for (uint32_t t = 0; t < reach->model->thread_count; t++) {
			const struct ct_reach_section *section = NULL;
			enum place place;
			enum ct_status status;

			if (t == stamp->thread->id)
				continue;
			place = place_of(&reach->sources[stamp->held[h].object->id], t,
					 ct_vclock_epoch(all, t), &section);
			if (place == OUTSIDE || (section && section->mode == CT_MODE_SHARED &&
						 stamp->held[h].mode == CT_MODE_SHARED))
				continue;
			if (!section || !section->end) { /* unknown, or never left */
				*out_possible = false;
				return CT_OK;
			}
			status = ct_vclock_join(all, &section->left);
			if (status)
				return status;
			*out_moved = true;
		}
	}
	return CT_OK;
}

enum ct_status ct_reach_together(const struct ct_reach *reach,
				 const struct ct_reach_stamp *const *stamps, size_t count,
				 bool *out_together)
{
	struct ct_vclock all;
	enum ct_status status = CT_OK;
	bool together = true, moved = true;

	ct_vclock_init_joint(&all);
	for (size_t i = 0; !status && i < count; i++)
		status = ct_vclock_join(&all, &stamps[i]->past);
	while (!status && moved && together) {
		moved = false;
		for (size_t i = 0; !status && together && i < count; i++)
			status = leave_locks(reach, stamps[i], &all, &moved, &together);
		/* whoever is past its request, or was moved past it, does not stand there */
		for (size_t i = 0; i < count; i++)
			together &= ct_vclock_epoch(&all, stamps[i]->thread->id) ==
				    stamps[i]->past.epoch;
	}
	if (status == CT_OK)
		*out_together = together;
	ct_vclock_fini(&all);
	return status;
}
