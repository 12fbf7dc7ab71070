#include "model/lockorder_private.h"

#include <string.h>

/* Of one cycle of dependencies: sets of places that are told, choices of places that are tried. */
enum { SETS_PER_CYCLE = 64, CHOICES_PER_CYCLE = 65536 };

/* What `found` says of a set of locks and places. */
enum { FOUND_RULED_OUT = 1, FOUND_CYCLE = 2 };

static uint64_t hash_text(const char *text)
{
	uint64_t hash = 1;

	for (; *text; text++)
		hash = ct_map_mix(hash ^ (unsigned char)*text);
	return hash;
}

enum ct_status ct_lock_site(struct ct_lockorder *order, const struct ct_thread *thread,
			    uint32_t stack, uint64_t *out_site)
{
	struct ct_map *sites = &order->private_data->sites;
	uint64_t key = (uint64_t)thread->process->number << 32 | stack;
	const struct ct_trace_stack *frames;
	uint64_t hash = stack; /* of frames that are not known */

	if (ct_map_get(sites, key, out_site))
		return CT_OK;
	frames = stack ? ct_trace_stack(order->model->trace, thread->process->number, stack) : NULL;
	if (frames)
		hash = frames->text_location ? hash_text(frames->text_location) : 0;
	for (uint32_t i = 0; frames && i < frames->depth; i++)
		hash = ct_map_mix(hash ^ frames->frames[i]);
	*out_site = hash;
	return ct_map_put(sites, key, hash);
}

/* A number for the set of (lock, place of the request, place where the lock before was taken). */
static enum ct_status hash_of(struct ct_lockorder *order, const struct ct_lock_cycle_step *steps,
			      size_t length, uint64_t *out_hash)
{
	uint64_t sum = length;

	for (size_t i = 0; i < length; i++) {
		const struct ct_lock_dependency *dependency = steps[i].dependency;
		uint64_t asked, taken = 0, lock = dependency->lock ? dependency->lock->id + 1u : 0;
		enum ct_status status =
			ct_lock_site(order, dependency->thread, steps[i].request->stack, &asked);

		if (status == CT_OK && steps[i].held != CT_LOCK_NOT_HELD)
			status = ct_lock_site(order, dependency->thread,
					      steps[i].request->stacks[steps[i].held], &taken);
		if (status)
			return status;
		/* a sum, as a set has no order */
		sum += ct_map_mix(ct_map_mix(ct_map_mix(lock) ^ asked) ^ taken);
	}
	*out_hash = sum;
	return CT_OK;
}

static struct ct_lock_cycle *make_cycle(struct ct_lockorder *order,
					const struct ct_lock_cycle_step *steps, size_t length)
{
	struct ct_arena *arena = &order->private_data->arena;
	struct ct_lock_cycle *cycle = ct_arena_alloc(arena, sizeof(*cycle));
	size_t first = 0;

	if (!cycle)
		return NULL;
	cycle->steps = ct_arena_calloc(arena, length, sizeof(*steps));
	if (!cycle->steps)
		return NULL;
	for (size_t i = 1; i < length; i++)
		if (steps[i].request->time < steps[first].request->time)
			first = i;
	for (size_t i = 0; i < length; i++)
		cycle->steps[i] = steps[(first + i) % length];
	cycle->length = length;
	return cycle;
}

/* Whether one with the same locks and places stands already. What is ruled out for some threads may
 * happen with others, but not the other way round: it would be told twice. */
static enum ct_status is_known(struct ct_lockorder *order, const struct ct_lock_cycle_step *steps,
			       size_t length, uint64_t as, uint64_t *out_hash, bool *out_known)
{
	struct ct_map *found = &order->private_data->found;
	enum ct_status status = hash_of(order, steps, length, out_hash);
	uint64_t before = 0;

	if (status)
		return status;
	*out_known = ct_map_get(found, *out_hash, &before) && before >= as;
	return *out_known ? CT_OK : ct_map_put(found, *out_hash, as);
}

/* A cycle that was told before with other threads or times, not shown to be reachable then. */
static enum ct_status try_again(struct ct_lockorder *order, struct ct_lock_cycle_step *steps,
				size_t length, uint64_t hash)
{
	struct ct_lock_cycle *cycle, *shown;
	bool reachable = false;
	enum ct_status status;
	uint64_t index;

	if (!ct_map_get(&order->private_data->told, hash, &index))
		return CT_OK;
	cycle = order->cycles[index];
	if (cycle->reachable)
		return CT_OK;
	status = ct_lock_reachable(order, steps, length, &reachable);
	if (status || !reachable)
		return status;
	shown = make_cycle(order, steps, length);
	if (!shown)
		return CT_ENOMEM;
	order->cycles[index] = shown;
	return ct_lock_prefixes(order, shown);
}

static void mark_edges(struct ct_lock_cycle_step *steps, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (steps[i].dependency->lock && steps[i].held != CT_LOCK_NOT_HELD)
			ct_lock_node(steps[i].dependency)->edges[steps[i].held]->in_cycle = true;
}

static enum ct_status add_cycle(struct ct_lockorder *order, struct ct_lock_cycle_step *steps,
				size_t length)
{
	struct ct_lock_cycle *cycle;
	bool known, reachable = false;
	enum ct_status status;
	uint64_t hash;

	if (order->cycle_count == CT_LOCKORDER_CYCLES) {
		order->cycles_hit = true;
		return CT_OK;
	}
	mark_edges(steps, length);
	status = is_known(order, steps, length, FOUND_CYCLE, &hash, &known);
	if (status || known)
		return status ? status : try_again(order, steps, length, hash);
	status = ct_lock_reachable(order, steps, length, &reachable);
	if (status)
		return status;
	cycle = make_cycle(order, steps, length);
	if (!cycle)
		return CT_ENOMEM;
	if (reachable)
		status = ct_lock_prefixes(order, cycle);
	if (status == CT_OK)
		status = ct_map_put(&order->private_data->told, hash, order->cycle_count);
	if (status == CT_OK)
		status = ct_vec_grow(&order->cycles, &order->private_data->cycle_cap,
				     order->cycle_count + 1, sizeof(struct ct_lock_cycle *));
	if (status == CT_OK)
		order->cycles[order->cycle_count++] = cycle;
	return status;
}

/* Whether the last of the steps fits each one before it. */
static bool fits(struct ct_lockorder *order, const struct ct_lock_cycle_step *steps, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++) {
		struct ct_lock_cycle_step two[] = {steps[i], steps[count - 1]};

		if (!ct_lock_concurrent(order, two, 2))
			return false;
	}
	return true;
}

enum ct_status ct_lock_add_cycles(struct ct_lockorder *order, struct ct_lock_cycle_step *steps,
				  size_t length, bool *out_any)
{
	size_t next[CT_LOCKORDER_LENGTH] = {0}, depth = 0, choices = 0;
	size_t limit = order->cycle_count + SETS_PER_CYCLE;

	*out_any = false;
	/* all choices of one request per step, in lexical order, cut where two are ordered */
	for (;;) {
		const struct ct_lock_dependency *dependency = steps[depth].dependency;

		if (next[depth] == dependency->request_count) {
			if (!depth--)
				return CT_OK;
			continue;
		}
		if (++order->private_data->work > CT_LOCKORDER_WORK) {
			order->work_hit = true;
			return CT_OK;
		}
		steps[depth].request = &dependency->requests[next[depth]++];
		if (!fits(order, steps, depth + 1))
			continue;
		if (++depth < length) {
			next[depth] = 0;
			continue;
		}
		depth--;
		if (!ct_lock_concurrent(order, steps, length))
			continue;
		*out_any = true;
		if (order->cycle_count == limit || choices++ == CHOICES_PER_CYCLE) {
			order->cycles_hit = true;
			return CT_OK;
		}
		if (add_cycle(order, steps, length) != CT_OK)
			return CT_ENOMEM;
	}
}

/* What one of the steps waited for, so that another one was over. */
static uint16_t ordering_event(const struct ct_lockorder *order, const struct ct_lock_cycle *cycle)
{
	const struct ct_reach *reach = order->private_data->reach;
	uint16_t event = 0;

	for (size_t i = 0; i < cycle->length; i++)
		for (size_t k = 0; !event && k < cycle->length; k++)
			if (i != k)
				event = ct_reach_ordered_by(reach,
							    cycle->steps[i].dependency->thread,
							    cycle->steps[i].position,
							    cycle->steps[k].dependency->thread,
							    cycle->steps[k].position);
	return event;
}

enum ct_status ct_lock_add_ruled_out(struct ct_lockorder *order, struct ct_lock_cycle_step *steps,
				     size_t length, enum ct_lock_verdict verdict,
				     const struct ct_object *guard)
{
	struct ct_lock_cycle *cycle;
	enum ct_status status;
	uint64_t hash;
	bool known;

	if (order->ruled_out_count == CT_LOCKORDER_RULED_OUT) {
		order->ruled_out_hit = true;
		return CT_OK;
	}
	for (size_t i = 0; i < length; i++)
		steps[i].request = &steps[i].dependency->requests[0];
	for (size_t i = 0; i < length; i++)
		steps[i].position = steps[i].request->positions[0];
	status = is_known(order, steps, length, FOUND_RULED_OUT, &hash, &known);
	if (status || known)
		return status;
	cycle = make_cycle(order, steps, length);
	if (!cycle)
		return CT_ENOMEM;
	cycle->verdict = verdict;
	cycle->guard = guard;
	if (verdict == CT_LOCK_ORDERED)
		cycle->ordered_by = ordering_event(order, cycle);
	status = ct_vec_grow(&order->ruled_out, &order->private_data->ruled_out_cap,
			     order->ruled_out_count + 1, sizeof(struct ct_lock_cycle *));
	if (status == CT_OK)
		order->ruled_out[order->ruled_out_count++] = cycle;
	return status;
}
