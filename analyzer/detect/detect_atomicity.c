/*
 * Check-then-act: a value that was read under one hold of a lock decides a write under the next,
 * and another thread may write it in between. There is no data race in that, as every access has
 * the lock.
 *
 * A trace does not tell what a value decides, or that what came between mattered: a thread that
 * sets a flag which another one has set meanwhile does no harm. So this is never more than
 * potential. Source of the idea: Lu, Tucek, Qin, Zhou, "AVIO: Detecting Atomicity Violations via
 * Access Interleaving Invariants", ASPLOS 2006: of the interleavings that cannot be had in one
 * hold, the one of a read, another's write and a write.
 */
#include "detect/detector.h"

#include <stdlib.h>

#include "detect/atomicity_pairs.h"

static const struct ct_rule atomicity = {
	.id = "atomicity",
	.title = "a value read under a lock is acted upon under a later hold of it",
	.help = "Hold the lock from the check to the act, or check again under the later hold.",
	.severity = CT_WARNING,
	.family = CT_FAMILY_RACE,
};

static void end(void *data)
{
	struct ct_atomicity *all = data;

	if (!all)
		return;
	for (size_t i = 0; all->threads && i < all->model->thread_count; i++) {
		ct_sections_fini(&all->threads[i].sections);
		free(all->threads[i].recent);
	}
	for (size_t i = 0; i < all->pair_count; i++)
		ct_vclock_fini(&all->pairs[i].clock);
	free(all->threads);
	free(all->pairs);
	free(all->stale);
	ct_map_fini(&all->pairs_of_places);
	ct_map_fini(&all->stale_index);
	ct_causality_fini(&all->causality);
	ct_cells_fini(&all->cells);
	ct_symbols_free(all->places.symbols);
	ct_names_fini(&all->places.names);
	ct_map_fini(&all->places.known);
	ct_arena_fini(&all->places.arena);
	free(all);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct ct_atomicity *all;
	enum ct_status status;

	if (!model->trace->some_accesses)
		return CT_OK;
	all = calloc(1, sizeof(*all));
	if (!all)
		return CT_ENOMEM;
	*out_state = all;
	all->model = model;
	all->places.trace = model->trace;
	ct_arena_init(&all->places.arena);
	ct_names_init(&all->places.names, &all->places.arena);
	all->threads = calloc(model->thread_count + 1, sizeof(*all->threads));
	status = ct_cells_init(&all->cells);
	if (status == CT_OK)
		status = ct_causality_init(&all->causality, model);
	for (size_t i = 0; all->threads && i < model->thread_count; i++)
		all->threads[i].epoch = 1;
	return all->threads ? status : CT_ENOMEM;
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	(void)model;
	return data ? ct_atomicity_step(data, step) : CT_OK;
}

static struct ct_place place_of(const struct ct_thread *thread, uint32_t stack, uint64_t time)
{
	return (struct ct_place){
		.thread = thread,
		.process = thread->process->number,
		.stack = stack,
		.time = time,
	};
}

static bool fill_side(struct ct_arena *arena, const struct ct_thread *thread,
		      const struct ct_touch *touch, const struct ct_held_lock *holds, size_t count,
		      struct ct_race_side *side)
{
	const struct ct_object **locks = ct_arena_calloc(arena, count, sizeof(struct ct_object *));
	enum ct_mode *modes = ct_arena_calloc(arena, count, sizeof(*modes));

	*side = (struct ct_race_side){
		.place = place_of(thread, touch->stack, touch->time),
		.address = touch->address,
		.size = touch->size,
		.kind = touch->kind,
		.locks = locks,
		.modes = modes,
		.taken_at = ct_arena_calloc(arena, count, sizeof(*side->taken_at)),
		.lock_count = count,
	};
	if (!locks || !modes || !side->taken_at)
		return false;
	for (size_t i = 0; i < count; i++) {
		locks[i] = holds[i].object;
		modes[i] = holds[i].mode;
		side->taken_at[i] = place_of(thread, holds[i].stack, holds[i].since);
	}
	return true;
}

static struct ct_race *race_of(struct ct_arena *arena, const struct ct_stale *stale)
{
	const struct ct_pair *pair = &stale->pair;
	struct ct_race_side *check = ct_arena_alloc(arena, sizeof(*check));
	struct ct_race *race = ct_arena_alloc(arena, sizeof(*race));

	if (!race || !check ||
	    !fill_side(arena, pair->write.thread, &pair->read, &pair->read_hold, 1, check) ||
	    !fill_side(arena, pair->write.thread, &pair->write.touch, pair->write.holds,
		       pair->write.hold_count, &race->sides[0]) ||
	    !fill_side(arena, stale->between.thread, &stale->between.touch, stale->between.holds,
		       stale->between.hold_count, &race->sides[1]))
		return NULL;
	race->check = check;
	race->lock = pair->lock;
	race->address = pair->write.touch.address;
	race->block_address = pair->block.address;
	race->block_size = pair->block.size;
	if (pair->block.size && pair->block.thread)
		race->allocated_at =
			place_of(pair->block.thread, pair->block.stack, pair->block.time);
	race->stack_owner = pair->stack_owner;
	race->in_run = pair->came;
	race->between_processes = pair->write.thread->process != stale->between.thread->process;
	race->more = stale->more;
	return race;
}

static enum ct_status report(struct ct_findings *findings, const struct ct_stale *stale)
{
	struct ct_finding *finding = ct_findings_add(findings, &atomicity, CT_POTENTIAL);

	if (!finding)
		return CT_ENOMEM;
	finding->race = race_of(&findings->arena, stale);
	return finding->race ? CT_OK : CT_ENOMEM;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct ct_atomicity *all = data;
	enum ct_status status;

	(void)model;
	if (!all)
		return CT_OK;
	status = ct_atomicity_finish(all);
	for (size_t i = 0; !status && i < all->stale_count; i++)
		status = report(findings, &all->stale[i]);
	return status;
}

static const struct ct_rule *const rules[] = {&atomicity, NULL};

const struct ct_detector ct_detect_atomicity = {
	.name = "atomicity",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
