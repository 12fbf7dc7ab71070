#include "model/counts.h"

#include <string.h>

#include "model/resolve.h"
#include "model/state.h"

/* The event of the call that a record is the first or only one of; 0: it is a later one. A call
 * that fails without a wait leaves what it said before, if it did; a try says nothing before. */
static uint16_t counted_event(const struct ct_record *record)
{
	if (record->event == CT_EV_FAIL)
		return record->flags & CT_F_TRY && !(record->flags & CT_F_BLOCKED)
			       ? ct_failed_call(record)
			       : 0;
	if (record->flags & CT_F_BLOCKED && !(record->flags & CT_F_REQUEST))
		return 0;
	return record->event;
}

static void add_cpu(struct ct_counts *counts, const struct ct_step *step)
{
	struct ct_payload_rusage told;

	if (step->record->payload_size < sizeof(told) || step->thread->process->exited)
		return;
	memcpy(&told, step->record->payload, sizeof(told));
	if (told.user_us > UINT32_MAX * UINT64_C(1000000) ||
	    told.system_us > UINT32_MAX * UINT64_C(1000000))
		return; /* it could not be had, or is damaged */
	counts->cpu_us += told.user_us + told.system_us;
	counts->ended++;
}

void ct_counts_add(struct ct_counts *counts, const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	uint16_t event = counted_event(record);
	const struct ct_event_info *info = event ? ct_event_info(event) : NULL;

	if (record->time > counts->last_time)
		counts->last_time = record->time;
	if (step->effect == CT_EFFECT_PROCESS_EXIT)
		add_cpu(counts, step);
	if (!info || event >= CT_COUNTED_EVENTS)
		return;
	counts->by_event[event] += event == CT_EV_YIELD && record->arg ? record->arg : 1;
	if (step->object && ct_event_is_call(info) && !ct_object_state(step->object)->outside)
		counts->by_kind[step->object->kind]++;
}

bool ct_event_is_call(const struct ct_event_info *info)
{
	switch (info->effect) {
	case CT_EFFECT_HELD_SET:
	case CT_EFFECT_FAILURE:
	case CT_EFFECT_MEMORY_FREED:
	case CT_EFFECT_MEMORY_ALLOCATED:
	case CT_EFFECT_THREAD_START:
	case CT_EFFECT_THREAD_EXIT:
	case CT_EFFECT_PROCESS_EXIT:
	case CT_EFFECT_FD_OPEN:
	case CT_EFFECT_FD_CLOSE:
	case CT_EFFECT_FD_SEND:
	case CT_EFFECT_HANDLER_ENTER:
	case CT_EFFECT_HANDLER_LEAVE:
	case CT_EFFECT_ACCESS_READ:
	case CT_EFFECT_ACCESS_WRITE:
	case CT_EFFECT_ACCESSES:
	case CT_EFFECT_ACCESSES_SKIPPED:
	case CT_EFFECT_ATOMIC_LOAD:
	case CT_EFFECT_ATOMIC_STORE:
	case CT_EFFECT_ATOMIC_RMW:
	case CT_EFFECT_FENCE:
	case CT_EFFECT_CAUGHT:
	case CT_EFFECT_TRAPS:
		return false;
	default:
		return info->id != CT_EV_THREAD_CPU;
	}
}

uint64_t ct_counts_objects(const struct ct_model *model, enum ct_object_kind kind)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->object_count; i++)
		count += model->objects[i]->kind == kind &&
			 !ct_object_state(model->objects[i])->outside;
	return count;
}
