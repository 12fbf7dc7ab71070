#include "model/gate.h"

#include <string.h>

#include "model/held.h"
#include "model/objects.h"
#include "model/resolve.h"
#include "model/threads.h"

static bool is_completion_of(const struct ct_record *record, enum ct_effect effect)
{
	const struct ct_event_info *info = ct_event_info(record->event);

	return info && info->effect == effect && !(record->flags & CT_F_REQUEST);
}

/* The lock that a record speaks of by its address. */
static struct ct_object_state *lock_at(const struct ct_thread *thread,
				       const struct ct_record *record, uint64_t address)
{
	const struct ct_event_info *info = ct_event_info(record->event);
	enum ct_object_kind kind = CT_OBJECT_MUTEX;

	if (info->effect != CT_EFFECT_WAIT)
		(void)ct_event_object_kind(record->event, &kind);
	return ct_objects_find(thread->process, address, kind);
}

/* The lock that the record takes, and how; 0 if it takes none. */
static uint64_t taken(const struct ct_record *record, enum ct_mode *out_mode)
{
	const struct ct_event_info *info = ct_event_info(record->event);

	if (!info || record->flags & CT_F_REQUEST)
		return 0;
	*out_mode = info->effect == CT_EFFECT_ACQUIRE_SHARED ? CT_MODE_SHARED : CT_MODE_EXCLUSIVE;
	if (info->effect == CT_EFFECT_ACQUIRE || info->effect == CT_EFFECT_ACQUIRE_SHARED)
		return record->object;
	return info->effect == CT_EFFECT_WAIT ? record->arg : 0;
}

/* The lock that the record gives back, or 0. */
static uint64_t given_back(const struct ct_record *record)
{
	const struct ct_event_info *info = ct_event_info(record->event);

	if (info && info->effect == CT_EFFECT_RELEASE)
		return record->object;
	if (info && info->effect == CT_EFFECT_WAIT && record->flags & CT_F_REQUEST)
		return record->arg;
	return 0;
}

static struct ct_thread *creator_of(const struct ct_thread *thread, const struct ct_record *record)
{
	struct ct_payload_start start;

	if (record->payload_size < sizeof(start))
		return NULL;
	memcpy(&start, record->payload, sizeof(start));
	return ct_thread_numbered(thread->process, start.creator);
}

/* Whose record must come first, or NULL. */
static const struct ct_thread *must_come_first(const struct ct_model *model,
					       const struct ct_thread *thread,
					       const struct ct_record *record)
{
	enum ct_mode mode;
	uint64_t address = taken(record, &mode);

	if (address) {
		const struct ct_object_state *object = lock_at(thread, record, address);

		return object ? ct_held_by_other(model, thread, object, mode) : NULL;
	}
	if (is_completion_of(record, CT_EFFECT_THREAD_START))
		return ct_thread_state(thread)->created ? NULL : creator_of(thread, record);
	if (is_completion_of(record, CT_EFFECT_THREAD_JOIN)) {
		const struct ct_thread *ended =
			ct_thread_of_pthread(model, thread->process, record->object);

		return ended && !ended->exited ? ended : NULL;
	}
	return NULL;
}

static bool lacks(void *state, size_t thread, const struct ct_record *record, size_t *out_other)
{
	const struct ct_model *model = state;
	const struct ct_thread *other = must_come_first(model, model->threads[thread], record);

	if (!other || other->id == thread)
		return false;
	*out_other = other->id;
	return true;
}

static bool brings(void *state, size_t thread, const struct ct_record *record, size_t other,
		   const struct ct_record *later)
{
	const struct ct_model *model = state;
	enum ct_mode mode;
	uint64_t wanted = taken(record, &mode), back = given_back(later);

	if (wanted)
		return back && lock_at(model->threads[thread], record, wanted) ==
				       lock_at(model->threads[other], later, back);
	if (is_completion_of(record, CT_EFFECT_THREAD_START))
		return is_completion_of(later, CT_EFFECT_THREAD_CREATE) &&
		       later->object == model->threads[thread]->number;
	return is_completion_of(later, CT_EFFECT_THREAD_EXIT);
}

struct ct_order_rules ct_gate_rules(struct ct_model *model)
{
	/* the order of a text trace is the order of its lines */
	if (model->trace->text)
		return (struct ct_order_rules){0};
	return (struct ct_order_rules){.state = model, .lacks = lacks, .brings = brings};
}
