#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "timing/histogram.h"
#include "timing/holds.h"
#include "timing/lock_sites.h"
#include "timing/parts.h"

/* One lock, from its first acquisition on. */
struct use {
	const struct ct_object *object;
	uint64_t acquisitions, contended;
	struct ct_histogram wait, hold;
	struct ct_sites sites;
	size_t threads;
	uint32_t last_thread; /* id + 1 */
};

struct ct_part_locks {
	struct ct_holds *holds;
	struct use **uses; /* by object id; owned; NULL: it was never taken */
	size_t count, cap;
	struct ct_map takers; /* object id << 32 | thread id */
};

static enum ct_status use_of(struct ct_part_locks *part, const struct ct_object *object,
			     struct use **out_use)
{
	size_t need = (size_t)object->id + 1;

	if (ct_vec_grow(&part->uses, &part->cap, need, sizeof(struct use *)) != CT_OK)
		return CT_ENOMEM;
	while (part->count < need)
		part->uses[part->count++] = NULL;
	if (!part->uses[object->id]) {
		part->uses[object->id] = calloc(1, sizeof(struct use));
		if (!part->uses[object->id])
			return CT_ENOMEM;
		part->uses[object->id]->object = object;
	}
	*out_use = part->uses[object->id];
	return CT_OK;
}

static enum ct_status hold_ended(void *state, const struct ct_thread *thread,
				 const struct ct_hold *hold, uint64_t end_ns)
{
	uint64_t held_ns = end_ns > hold->since_ns ? end_ns - hold->since_ns : 0;
	struct ct_lock_site *site;
	struct use *use;
	enum ct_status status = use_of(state, hold->object, &use);

	if (status == CT_OK)
		status = ct_histogram_add(&use->hold, held_ns);
	if (status == CT_OK)
		status = ct_sites_find(&use->sites, thread->process->number, hold->stack, &site);
	if (status == CT_OK)
		site->hold_ns += held_ns;
	return status;
}

enum ct_status ct_part_locks_new(struct ct_timing *timing, struct ct_part_locks **out_part)
{
	struct ct_part_locks *part = calloc(1, sizeof(*part));
	enum ct_status status;

	if (!part)
		return CT_ENOMEM;
	ct_map_init(&part->takers);
	status = ct_holds_new(timing->model, hold_ended, part, &part->holds);
	if (status)
		free(part);
	else
		*out_part = part;
	return status;
}

static void free_use(struct use *use)
{
	if (!use)
		return;
	ct_histogram_fini(&use->wait);
	ct_histogram_fini(&use->hold);
	ct_sites_fini(&use->sites);
	free(use);
}

void ct_part_locks_free(struct ct_part_locks *part)
{
	if (!part)
		return;
	for (size_t i = 0; i < part->count; i++)
		free_use(part->uses[i]);
	free(part->uses);
	ct_map_fini(&part->takers);
	ct_holds_free(part->holds);
	free(part);
}

static enum ct_status count_thread(struct ct_part_locks *part, struct use *use,
				   const struct ct_thread *thread)
{
	uint64_t key = (uint64_t)use->object->id << 32 | thread->id;

	if (use->last_thread == thread->id + 1)
		return CT_OK;
	use->last_thread = thread->id + 1;
	if (ct_map_get(&part->takers, key, NULL))
		return CT_OK;
	use->threads++;
	return ct_map_put(&part->takers, key, 1);
}

static enum ct_status count(struct ct_part_locks *part, const struct ct_step *step,
			    const struct ct_acquisition *taken)
{
	struct ct_lock_site *site;
	struct use *use;
	enum ct_status status = use_of(part, taken->object, &use);

	if (status == CT_OK)
		status = ct_sites_find(&use->sites, step->thread->process->number,
				       step->record->stack, &site);
	if (status)
		return status;
	use->acquisitions++;
	site->acquisitions++;
	if (taken->contended) {
		use->contended++;
		site->contended++;
	}
	if (taken->waited) {
		site->wait_ns += taken->wait_ns;
		status = ct_histogram_add(&use->wait, taken->wait_ns);
	}
	return status ? status : count_thread(part, use, step->thread);
}

static enum ct_status on_step(void *state, const struct ct_model *model, const struct ct_step *step,
			      uint64_t time_ns)
{
	struct ct_part_locks *part = state;
	struct ct_acquisition taken;
	enum ct_status status = ct_holds_step(part->holds, step, time_ns, &taken);

	(void)model;
	if (status || !taken.object)
		return status;
	return count(part, step, &taken);
}

static enum ct_status on_end(void *state, const struct ct_thread *thread, uint64_t time_ns)
{
	struct ct_part_locks *part = state;

	return ct_holds_end(part->holds, thread, time_ns);
}

struct ct_span_sink ct_part_locks_sink(struct ct_part_locks *part)
{
	return (struct ct_span_sink){.state = part, .step = on_step, .end = on_end};
}

static int by_waiting(const void *left, const void *right)
{
	const struct ct_timing_lock *a = left, *b = right;

	if (a->wait.total_ns != b->wait.total_ns)
		return a->wait.total_ns > b->wait.total_ns ? -1 : 1;
	if (a->acquisitions != b->acquisitions)
		return a->acquisitions > b->acquisitions ? -1 : 1;
	return (a->object->id > b->object->id) - (a->object->id < b->object->id);
}

static enum ct_status show(struct use *use, struct ct_places *places, struct ct_timing_lock *lock)
{
	*lock = (struct ct_timing_lock){
		.object = use->object,
		.acquisitions = use->acquisitions,
		.contended = use->contended,
		.wait = ct_histogram_times(&use->wait),
		.hold = ct_histogram_times(&use->hold),
		.threads = use->threads,
	};
	return ct_sites_show(&use->sites, places, lock);
}

enum ct_status ct_part_locks_finish(struct ct_part_locks *part, struct ct_timing *timing)
{
	struct ct_places places = {.naming = timing->naming};
	enum ct_status status = CT_OK;

	timing->locks = calloc(part->count + 1, sizeof(*timing->locks));
	if (!timing->locks)
		return CT_ENOMEM;
	ct_map_init(&places.at);
	for (size_t i = 0; !status && i < part->count; i++) {
		struct use *use = part->uses[i];

		/* a semaphore that was one for a while, and then was used otherwise, is none */
		if (use && ct_holds_is_lock(part->holds, use->object))
			status = show(use, &places, &timing->locks[timing->lock_count++]);
		free_use(use);
		part->uses[i] = NULL;
	}
	qsort(timing->locks, timing->lock_count, sizeof(*timing->locks), by_waiting);
	ct_places_fini(&places);
	return status;
}
