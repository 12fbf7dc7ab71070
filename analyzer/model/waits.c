#include "model/waits.h"

#include <string.h>

#include "model/threads.h"

static enum ct_wait_kind kind_of(enum ct_effect effect)
{
	switch (effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		return CT_WAIT_LOCK;
	case CT_EFFECT_WAIT:
		return CT_WAIT_COND;
	case CT_EFFECT_SEM_WAIT:
		return CT_WAIT_SEM;
	case CT_EFFECT_BARRIER:
		return CT_WAIT_BARRIER;
	case CT_EFFECT_ONCE:
		return CT_WAIT_ONCE;
	case CT_EFFECT_THREAD_JOIN:
		return CT_WAIT_JOIN;
	case CT_EFFECT_PROCESS_WAIT:
	case CT_EFFECT_SYSTEM:
		return CT_WAIT_CHILD;
	case CT_EFFECT_READ:
		return CT_WAIT_READ;
	case CT_EFFECT_WRITE:
		return CT_WAIT_WRITE;
	default:
		return CT_WAIT_NONE;
	}
}

/* A text trace names in the payload who could end a wait. */
static enum ct_status name_helpers(struct ct_model *model, const struct ct_step *step,
				   struct ct_wait *wait)
{
	size_t count = step->record->payload_size / sizeof(uint32_t);

	wait->helpers = ct_arena_calloc(&model->arena, count, sizeof(struct ct_thread *));
	if (!wait->helpers)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct ct_thread *helper;
		uint32_t number;

		memcpy(&number, (const char *)step->record->payload + i * sizeof(number),
		       sizeof(number));
		helper = ct_thread_numbered(step->thread->process, number);
		if (helper)
			wait->helpers[wait->helper_count++] = helper;
	}
	wait->kind = CT_WAIT_NAMED;
	return CT_OK;
}

/* The child that a wait is for, if it is for one: a pid above 0. */
static struct ct_process *child_of(const struct ct_model *model, const struct ct_step *step)
{
	if (step->effect != CT_EFFECT_PROCESS_WAIT || (int64_t)step->record->object <= 0)
		return NULL;
	return ct_process_unreaped(model, step->thread->process, step->record->object);
}

static bool may_name_helpers(const struct ct_step *step)
{
	return step->effect == CT_EFFECT_READ || step->effect == CT_EFFECT_WRITE ||
	       step->effect == CT_EFFECT_SEM_WAIT;
}

/* A text trace repeats at its end that a thread is parked still. */
static bool stays_parked(const struct ct_step *step)
{
	const struct ct_wait *wait = &step->thread->wait;

	return step->effect == CT_EFFECT_WAIT && !step->mutex && wait->kind == CT_WAIT_COND &&
	       wait->object == step->object;
}

enum ct_status ct_wait_begin(struct ct_model *model, const struct ct_step *step)
{
	struct ct_thread *thread = step->thread;
	const struct ct_record *record = step->record;
	struct ct_wait wait = {
		.kind = kind_of(step->effect),
		.mode = step->effect == CT_EFFECT_ACQUIRE_SHARED ? CT_MODE_SHARED
								 : CT_MODE_EXCLUSIVE,
		.timed = record->flags & CT_F_TIMED,
		.object = step->object,
		.mutex = step->mutex,
		.event = record->event,
		.stack = record->stack,
		.since = record->time,
	};

	if (stays_parked(step)) {
		thread->wait.since = record->time;
		return CT_OK;
	}
	if (wait.kind == CT_WAIT_NONE)
		return CT_OK;
	ct_wait_clear(thread);
	if (wait.kind == CT_WAIT_CHILD)
		wait.process = child_of(model, step);
	if (wait.kind == CT_WAIT_JOIN) {
		wait.thread = step->other;
		ct_thread_state(thread)->wait_key = record->object;
		if (!wait.thread)
			ct_process_state(thread->process)->unresolved_joins++;
	}
	thread->wait = wait;
	if (model->trace->text && may_name_helpers(step) && record->payload_size)
		return name_helpers(model, step, &thread->wait);
	return CT_OK;
}

void ct_wait_clear(struct ct_thread *thread)
{
	struct ct_process_state *process = ct_process_state(thread->process);

	if (thread->wait.kind == CT_WAIT_JOIN && !thread->wait.thread && process->unresolved_joins)
		process->unresolved_joins--;
	thread->wait = (struct ct_wait){.kind = CT_WAIT_NONE};
}

void ct_wait_end(const struct ct_model *model, struct ct_thread *thread, uint16_t event)
{
	if (thread->wait.kind == CT_WAIT_NONE)
		return;
	if (thread->wait.event == event || model->trace->text)
		ct_wait_clear(thread);
}
