#include "model/lockorder_private.h"
#include "model/unseen_values.h"

enum ct_status ct_lock_note(struct ct_lockorder *order, struct ct_lock_request *place,
			    const struct ct_thread *thread)
{
	struct ct_lock_thread *state = &order->private_data->threads[thread->id];
	uint32_t position = ct_reach_position(order->private_data->reach, thread);
	size_t count = state->clock_count;
	enum ct_status status = ct_vec_grow(&place->positions, &place->position_cap,
					    place->position_count + 1, sizeof(uint32_t));

	if (status)
		return status;
	place->positions[place->position_count++] = position;
	if (count && ct_vclock_same(&state->clocks[count - 1].clock, thread->clock))
		return CT_OK;
	status = ct_vec_grow(&state->clocks, &state->clock_cap, count + 1, sizeof(*state->clocks));
	if (status == CT_OK)
		state->clocks[state->clock_count++] =
			(struct ct_lock_clock){position, ct_vclock_copy(thread->clock)};
	return status;
}

/* One of the times of a step's request, and what the model's clock was. */
struct instance {
	const struct ct_lock_request *request;
	const struct ct_lock_thread *thread;
	size_t at, clock;
};

static const struct ct_vclock *clock_of(const struct instance *instance)
{
	return &instance->thread->clocks[instance->clock].clock;
}

/* To the time number `at`; false if there is none. Times only go on. */
static bool move(struct instance *instance, size_t at)
{
	if (at >= instance->request->position_count)
		return false;
	instance->at = at;
	while (instance->clock + 1 < instance->thread->clock_count &&
	       instance->thread->clocks[instance->clock + 1].position <=
		       instance->request->positions[at])
		instance->clock++;
	return true;
}

/* A time that is over before another one begins is over before all later ones, too: so each step
 * goes on alone until they fit. Source: Garg, Waldecker, "Detection of Weak Unstable Predicates in
 * Distributed Programs", 1994. */
bool ct_lock_concurrent(struct ct_lockorder *order, struct ct_lock_cycle_step *steps, size_t length)
{
	struct instance instances[CT_LOCKORDER_LENGTH];
	bool moved = true;

	for (size_t i = 0; i < length; i++) {
		instances[i] = (struct instance){
			.request = steps[i].request,
			.thread = &order->private_data->threads[steps[i].dependency->thread->id]};
		if (!move(&instances[i], 0))
			return false;
	}
	while (moved) {
		moved = false;
		for (size_t i = 0; i < length; i++) {
			for (size_t k = 0; k < length; k++) {
				if (i == k || !ct_vclock_before(clock_of(&instances[i]),
								clock_of(&instances[k])))
					continue;
				if (!move(&instances[i], instances[i].at + 1))
					return false;
				order->private_data->work++;
				moved = true;
			}
		}
	}
	for (size_t i = 0; i < length; i++)
		steps[i].position = steps[i].request->positions[instances[i].at];
	return true;
}

static enum ct_status get_closure(struct ct_lockorder *order, struct ct_closure **out_closure)
{
	struct ct_lockorder_private *private = order->private_data;
	enum ct_status status = CT_OK;

	if (!private->closure) {
		status = ct_reach_finish(private->reach);
		if (status == CT_OK)
			status = ct_closure_new(private->reach, !ct_values_are_known(order->model),
						&private->closure);
	}
	*out_closure = private->closure;
	return status;
}

/* Sends every step whose thread is past its request on to the next time of it; false if there is
 * none. *out_all: nobody is past it. */
static bool send_on(const struct ct_closure *closure, const struct ct_lock_cycle_step *steps,
		    size_t length, size_t *at, bool *out_all)
{
	*out_all = true;
	for (size_t i = 0; i < length; i++) {
		const struct ct_lock_request *request = steps[i].request;
		uint32_t reached = ct_closure_reached(closure, steps[i].dependency->thread);

		if (request->positions[at[i]] > reached)
			continue;
		*out_all = false;
		while (request->positions[at[i]] <= reached)
			if (++at[i] == request->position_count)
				return false;
	}
	return true;
}

/* The set of events only grows while the steps go on, so all their times cost one way through the
 * run. */
enum ct_status ct_lock_reachable(struct ct_lockorder *order, struct ct_lock_cycle_step *steps,
				 size_t length, bool *out_reachable)
{
	size_t at[CT_LOCKORDER_LENGTH] = {0};
	bool possible = true, all = false;
	struct ct_closure *closure;
	enum ct_status status = get_closure(order, &closure);

	*out_reachable = false;
	if (status)
		return status;
	if (ct_closure_work(closure) > CT_LOCKORDER_TESTS) {
		order->tests_hit = true;
		return CT_OK;
	}
	ct_closure_begin(closure);
	while (!all) {
		for (size_t i = 0; !status && i < length; i++)
			status = ct_closure_stand(closure, steps[i].dependency->thread,
						  steps[i].request->positions[at[i]]);
		if (status == CT_OK)
			status = ct_closure_close(closure, &possible);
		if (status || !possible || !send_on(closure, steps, length, at, &all))
			return status;
	}
	for (size_t i = 0; i < length; i++)
		steps[i].position = steps[i].request->positions[at[i]];
	*out_reachable = true;
	return CT_OK;
}

enum ct_status ct_lock_prefixes(struct ct_lockorder *order, struct ct_lock_cycle *cycle)
{
	struct ct_lockorder_private *private = order->private_data;
	const struct ct_model *model = order->model;
	size_t count = 0;

	cycle->reachable = true;
	for (size_t i = 0; i < model->thread_count; i++)
		count += ct_closure_reached(private->closure, model->threads[i]) > 0;
	cycle->prefixes = ct_arena_calloc(&private->arena, count, sizeof(*cycle->prefixes));
	if (!cycle->prefixes)
		return CT_ENOMEM;
	for (size_t i = 0; i < model->thread_count; i++) {
		uint32_t reached = ct_closure_reached(private->closure, model->threads[i]);

		if (reached)
			cycle->prefixes[cycle->prefix_count++] =
				(struct ct_lock_prefix){model->threads[i], reached};
	}
	return CT_OK;
}
