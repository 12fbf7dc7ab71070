/* Critical sections: who had which lock from which of its events to which. */
#include "model/reach_private.h"

/* Indices of all sections stay below what a section's `pair` and the closure can hold. */
enum { PAIRS_MAX = INT32_MAX };

static enum ct_status pair_of(struct ct_reach *reach, uint32_t thread, uint32_t lock,
			      uint32_t *out_pair)
{
	uint64_t key = (uint64_t)lock << 32 | thread, found;
	struct ct_reach_source *source = &reach->sources[lock];
	enum ct_status status;

	if (ct_map_get(&reach->pair_of, key, &found)) {
		*out_pair = (uint32_t)found;
		return CT_OK;
	}
	if (reach->pair_count >= PAIRS_MAX)
		return CT_ENOMEM;
	status = ct_vec_grow(&reach->pairs, &reach->pair_cap, reach->pair_count + 1,
			     sizeof(*reach->pairs));
	if (status == CT_OK)
		status = ct_vec_grow(&source->pairs, &source->pair_cap, source->pair_count + 1,
				     sizeof(*source->pairs));
	if (status == CT_OK)
		status = ct_map_put(&reach->pair_of, key, reach->pair_count);
	if (status)
		return status;
	source->pairs[source->pair_count++] = (uint32_t)reach->pair_count;
	*out_pair = (uint32_t)reach->pair_count;
	reach->pairs[reach->pair_count++] = (struct ct_reach_pair){.thread = thread, .lock = lock};
	return CT_OK;
}

static enum ct_status close_section(struct ct_reach *reach, struct ct_reach_source *source,
				    size_t holder)
{
	struct ct_reach_holder of = source->holders[holder];
	struct ct_reach_thread *thread = &reach->threads[of.thread];
	struct ct_reach_section *section = &thread->sections[of.section];

	section->end = thread->now.must.epoch;
	source->holders[holder] = source->holders[--source->holder_count];
	return ct_vclock_join(
		&source->freed[section->exclusive ? CT_MODE_EXCLUSIVE : CT_MODE_SHARED],
		&thread->now.before);
}

/* Whoever had it has given it back, though nobody wrote that down: at its newest event at last. */
static enum ct_status expel(struct ct_reach *reach, struct ct_reach_source *source, uint32_t thread,
			    bool exclusive)
{
	enum ct_status status = CT_OK;

	for (size_t i = source->holder_count; !status && i-- > 0;) {
		const struct ct_reach_holder *holder = &source->holders[i];
		const struct ct_reach_section *section =
			&reach->threads[holder->thread].sections[holder->section];

		if (holder->thread == thread || exclusive || section->exclusive)
			status = close_section(reach, source, i);
	}
	return status;
}

/* It was given back by all whom it excludes: that happened before. */
static enum ct_status follow_freed(struct ct_reach *reach, const struct ct_reach_source *source,
				   uint32_t thread, bool exclusive)
{
	enum ct_status status = ct_hb_follow(reach, thread, &source->freed[CT_MODE_EXCLUSIVE]);

	return status || !exclusive ? status
				    : ct_hb_follow(reach, thread, &source->freed[CT_MODE_SHARED]);
}

enum ct_status ct_reach_enter(struct ct_reach *reach, const struct ct_step *step,
			      const struct ct_object *lock, enum ct_mode mode)
{
	uint32_t id = step->thread->id;
	struct ct_reach_thread *thread = &reach->threads[id];
	bool exclusive = mode == CT_MODE_EXCLUSIVE;
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, lock, &source);
	struct ct_reach_pair *pair;
	uint32_t number, section = (uint32_t)thread->section_count;

	if (status == CT_OK && source->handed)
		status = ct_reach_follow(reach, id, &source->writer);
	if (status == CT_OK)
		status = pair_of(reach, id, lock->id, &number);
	if (status == CT_OK)
		status = expel(reach, source, id, exclusive);
	if (status == CT_OK)
		status = follow_freed(reach, source, id, exclusive);
	if (status)
		return status;
	pair = &reach->pairs[number];
	status = ct_vec_grow(&pair->sections, &pair->cap, pair->count + 1, sizeof(uint32_t));
	if (status == CT_OK)
		status = ct_vec_grow(&thread->sections, &thread->section_cap,
				     thread->section_count + 1, sizeof(*thread->sections));
	if (status == CT_OK)
		status = ct_vec_grow(&source->holders, &source->holder_cap,
				     source->holder_count + 1, sizeof(*source->holders));
	if (status)
		return status;
	pair->sections[pair->count++] = section;
	thread->sections[thread->section_count++] =
		(struct ct_reach_section){.begin = thread->now.must.epoch,
					  .order = (uint32_t)step->index,
					  .pair = number,
					  .exclusive = exclusive};
	source->holders[source->holder_count++] = (struct ct_reach_holder){id, section};
	source->shared |= !exclusive;
	return CT_OK;
}

enum ct_status ct_reach_leave(struct ct_reach *reach, const struct ct_step *step,
			      const struct ct_object *lock)
{
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, lock, &source);

	if (status)
		return status;
	for (size_t i = source->holder_count; i-- > 0;) {
		if (source->holders[i].thread != step->thread->id)
			continue;
		return close_section(reach, source, i);
	}
	/* another one's, or taken before the trace began: whoever takes it now comes after this */
	source->handed = true;
	return ct_stamp_join(&source->writer, &reach->threads[step->thread->id].now);
}

enum ct_status ct_reach_found_held(struct ct_reach *reach, const struct ct_step *step,
				   const struct ct_object *lock)
{
	struct ct_reach_source *source;
	enum ct_status status = ct_reach_source(reach, lock, &source);

	for (size_t i = 0; !status && i < source->holder_count; i++) {
		struct ct_reach_holder holder = source->holders[i];
		const struct ct_reach_thread *thread = &reach->threads[holder.thread];

		if (holder.thread != step->thread->id)
			status = ct_reach_follow_event(reach, step->thread->id, holder.thread,
						       thread->sections[holder.section].begin);
	}
	return status;
}

bool ct_reach_is_held(const struct ct_reach *reach, const struct ct_thread *thread,
		      uint32_t position, uint32_t until)
{
	const struct ct_reach_thread *of = &reach->threads[thread->id];
	size_t low = 0, high = of->section_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (of->sections[mid].begin < position)
			low = mid + 1;
		else
			high = mid;
	}
	return low < of->section_count && of->sections[low].begin == position &&
	       (!of->sections[low].end || of->sections[low].end > until);
}
