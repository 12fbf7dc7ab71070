#include "model/causality.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/access.h"

/* What an event does with what went through its thing before. */
enum { NEITHER = 0, GIVES = 1, TAKES = 2 };

/* The kernel's, where no thing is named. */
static const uint64_t the_kernel = UINT64_MAX;

static unsigned role_of(const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_SEM_SET:
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_COUNTER_ADD:
	case CT_EFFECT_ORDER_RELEASE:
	case CT_EFFECT_FD_CLOSE:
	case CT_EFFECT_FUTEX_WAKE:
	case CT_EFFECT_SIGNAL_SEND:
	case CT_EFFECT_CONNECT:
	case CT_EFFECT_TIMER_ARM:
	case CT_EFFECT_ATOMIC_STORE:
		return GIVES;
	case CT_EFFECT_WAIT:
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_READ:
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_TAKE:
	case CT_EFFECT_ORDER_ACQUIRE:
	case CT_EFFECT_POLL:
	case CT_EFFECT_ACCEPT:
	case CT_EFFECT_SIGNAL_WAIT:
	case CT_EFFECT_HANDLER_ENTER:
	case CT_EFFECT_FUTEX_WAIT:
	case CT_EFFECT_ATOMIC_LOAD:
		return step->request ? NEITHER : TAKES;
	case CT_EFFECT_BARRIER:
		return step->request ? GIVES : TAKES;
	case CT_EFFECT_ONCE:
	case CT_EFFECT_SEM_OP:
	case CT_EFFECT_FILE_LOCK:
	case CT_EFFECT_ATOMIC_RMW:
		return step->request ? NEITHER : GIVES | TAKES;
	default:
		return NEITHER;
	}
}

static bool goes_through_kernel(enum ct_effect effect)
{
	switch (effect) {
	case CT_EFFECT_POLL:
	case CT_EFFECT_ACCEPT:
	case CT_EFFECT_CONNECT:
	case CT_EFFECT_SIGNAL_SEND:
	case CT_EFFECT_SIGNAL_WAIT:
	case CT_EFFECT_HANDLER_ENTER:
	case CT_EFFECT_FUTEX_WAIT:
	case CT_EFFECT_FUTEX_WAKE:
	case CT_EFFECT_TIMER_ARM:
	case CT_EFFECT_FD_CLOSE:
		return true;
	default:
		return false;
	}
}

bool ct_causality_takes(const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_PROCESS_WAIT:
		return true;
	case CT_EFFECT_ATOMIC_LOAD:
	case CT_EFFECT_ATOMIC_RMW:
		return false; /* it may be of anything; if it took something, the clocks tell */
	default:
		return role_of(step) & TAKES;
	}
}

enum ct_status ct_causality_init(struct ct_causality *causality, const struct ct_model *model)
{
	*causality = (struct ct_causality){.thread_count = model->thread_count};
	causality->threads = calloc(model->thread_count + 1, sizeof(*causality->threads));
	causality->begun = calloc(model->thread_count + 1, sizeof(*causality->begun));
	if (!causality->threads || !causality->begun)
		return CT_ENOMEM;
	for (size_t i = 0; i < model->thread_count; i++)
		ct_vclock_init(&causality->threads[i], (uint32_t)i);
	return CT_OK;
}

void ct_causality_fini(struct ct_causality *causality)
{
	for (size_t i = 0; causality->threads && i < causality->thread_count; i++)
		ct_vclock_fini(&causality->threads[i]);
	for (size_t i = 0; i < causality->thing_count; i++)
		ct_vclock_fini(&causality->things[i]);
	free(causality->threads);
	free(causality->begun);
	free(causality->things);
	ct_map_fini(&causality->objects);
	ct_map_fini(&causality->locations);
}

const struct ct_vclock *ct_causality_clock(const struct ct_causality *causality,
					   const struct ct_thread *thread)
{
	return &causality->threads[thread->id];
}

/* The clock of a thing, which is new at its first use. */
static enum ct_status thing_of(struct ct_causality *causality, struct ct_map *numbers, uint64_t key,
			       struct ct_vclock **out_clock)
{
	uint64_t number = causality->thing_count;
	enum ct_status status;

	if (!ct_map_get(numbers, key, &number)) {
		status = ct_vec_grow(&causality->things, &causality->thing_cap,
				     causality->thing_count + 1, sizeof(*causality->things));
		if (status == CT_OK)
			status = ct_map_put(numbers, key, number);
		if (status)
			return status;
		ct_vclock_init_joint(&causality->things[causality->thing_count++]);
	}
	*out_clock = &causality->things[number];
	return CT_OK;
}

/* `to` has seen all that `from` has; what `from` does next it has not. */
static enum ct_status give(struct ct_vclock *from, struct ct_vclock *to)
{
	enum ct_status status = ct_vclock_join(to, from);

	ct_vclock_tick(from);
	return status;
}

static enum ct_status pass(struct ct_causality *causality, struct ct_vclock *clock,
			   struct ct_map *numbers, uint64_t key, unsigned role)
{
	struct ct_vclock *thing;
	enum ct_status status = thing_of(causality, numbers, key, &thing);

	if (status == CT_OK && role & TAKES)
		status = ct_vclock_join(clock, thing);
	if (status == CT_OK && role & GIVES)
		status = give(clock, thing);
	return status;
}

static enum ct_status through_things(struct ct_causality *causality, const struct ct_step *step,
				     struct ct_vclock *clock)
{
	unsigned role = role_of(step);
	enum ct_status status = CT_OK;

	if (role == NEITHER)
		return CT_OK;
	if (step->effect == CT_EFFECT_ATOMIC_LOAD || step->effect == CT_EFFECT_ATOMIC_STORE ||
	    step->effect == CT_EFFECT_ATOMIC_RMW) {
		uint64_t location =
			step->access_count ? step->accesses->location : step->record->object;

		return pass(causality, clock, &causality->locations, location, role);
	}
	if (step->object)
		status = pass(causality, clock, &causality->objects, step->object->id, role);
	if (status == CT_OK && (!step->object || goes_through_kernel(step->effect)))
		status = pass(causality, clock, &causality->objects, the_kernel, role);
	return status;
}

static enum ct_status take_process(struct ct_causality *causality, const struct ct_process *process,
				   struct ct_vclock *clock)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < process->thread_count; i++)
		status = ct_vclock_join(clock, &causality->threads[process->threads[i]->id]);
	return status;
}

/* What the creator has seen until then, it has given to the thread that it makes, once. */
static enum ct_status create(struct ct_causality *causality, const struct ct_thread *creator,
			     const struct ct_thread *thread)
{
	if (causality->begun[thread->id])
		return CT_OK;
	causality->begun[thread->id] = true;
	return creator ? give(&causality->threads[creator->id], &causality->threads[thread->id])
		       : CT_OK;
}

/* Its creation, or the fork, may be told only after a thread's first events. */
static enum ct_status begin(struct ct_causality *causality, const struct ct_step *step)
{
	const struct ct_thread *creator = step->effect == CT_EFFECT_THREAD_START && step->other
						  ? step->other
						  : step->thread->creator;

	return create(causality, creator, step->thread);
}

enum ct_status ct_causality_step(struct ct_causality *causality, const struct ct_step *step)
{
	struct ct_vclock *clock = &causality->threads[step->thread->id];
	struct ct_vclock *other = step->other ? &causality->threads[step->other->id] : NULL;
	enum ct_status status = begin(causality, step);

	if (status)
		return status;
	switch (step->effect) {
	case CT_EFFECT_THREAD_CREATE:
	case CT_EFFECT_FORK:
		return other ? create(causality, step->thread, step->other) : CT_OK;
	case CT_EFFECT_THREAD_CANCEL:
		return other ? give(clock, other) : CT_OK;
	case CT_EFFECT_THREAD_JOIN:
		return other && !step->request ? ct_vclock_join(clock, other) : CT_OK;
	case CT_EFFECT_PROCESS_WAIT:
		return other && !step->request
			       ? take_process(causality, step->other->process, clock)
			       : CT_OK;
	default:
		return through_things(causality, step, clock);
	}
}
