#include "reader/lasting.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum kind {
	PASSING,
	THROUGH, /* an object: lasting if that is followed */
	WAITING, /* lasting if it waits, or has waited */
	MEMORY,	 /* lasting if there may be sync objects in it */
	LASTING,
	FAILED,
};

static enum kind kind_of(uint16_t event)
{
	const struct ct_event_info *info = ct_event_info(event);

	if (event == CT_EV_USER_LOCK || event == CT_EV_USER_RDLOCK)
		return WAITING;
	switch (info ? info->effect : CT_EFFECT_INIT) {
	case CT_EFFECT_NOTE:
		return event == CT_EV_SIGACTION ? LASTING : PASSING;
	case CT_EFFECT_FAILURE:
		return FAILED;
	case CT_EFFECT_MEMORY_FREED:
		return MEMORY;
	case CT_EFFECT_HELD_SET:
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_RELEASE:
	case CT_EFFECT_POLL:
	case CT_EFFECT_SLEEP:
	case CT_EFFECT_SIGNAL_WAIT:
	case CT_EFFECT_SIGNAL_SEND:
	case CT_EFFECT_FUTEX_WAIT:
	case CT_EFFECT_FUTEX_WAKE:
	case CT_EFFECT_ORDER_RELEASE:
	case CT_EFFECT_ORDER_ACQUIRE:
	case CT_EFFECT_IGNORE_BEGIN:
	case CT_EFFECT_IGNORE_END:
	case CT_EFFECT_ACCESS_READ:
	case CT_EFFECT_ACCESS_WRITE:
	case CT_EFFECT_ACCESSES:
	case CT_EFFECT_ACCESSES_SKIPPED:
	case CT_EFFECT_ATOMIC_LOAD:
	case CT_EFFECT_ATOMIC_STORE:
	case CT_EFFECT_ATOMIC_RMW:
	case CT_EFFECT_FENCE:
	case CT_EFFECT_MEMORY_ALLOCATED:
		return PASSING;
	case CT_EFFECT_WAIT:
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_SEM_OP:
	case CT_EFFECT_BARRIER:
	case CT_EFFECT_READ:
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_ADD:
	case CT_EFFECT_COUNTER_TAKE:
		return THROUGH;
	default:
		return LASTING;
	}
}

/* The call that a record speaks of. */
static uint16_t call_of(const struct ct_raw *raw)
{
	struct ct_payload_fail fail;

	if (raw->id != CT_EV_FAIL || raw->payload_size < sizeof(fail))
		return raw->id;
	memcpy(&fail, raw->payload, sizeof(fail));
	return fail.call;
}

static uint64_t object_of(const struct ct_raw *raw)
{
	return raw->payload_size >= sizeof(uint64_t)
		       ? ct_field_number(raw->payload, sizeof(uint64_t))
		       : 0;
}

void ct_lasting_init(struct ct_lasting *lasting, const struct ct_layouts *layouts)
{
	*lasting = (struct ct_lasting){.layouts = layouts};
	ct_map_init(&lasting->followed);
	for (unsigned i = 0; i < CT_LASTING_IDS; i++) {
		uint16_t id = (uint16_t)i;
		enum ct_layout_id layout = ct_event_layout(CT_STREAM_THREAD, id);
		enum kind kind = kind_of(id);

		if (layout == CT_LAYOUT_NONE || layouts->of[layout].varies || kind > MEMORY)
			continue;
		lasting->size[id] =
			(uint16_t)(sizeof(struct ct_record_head) + layouts->of[layout].fixed_size);
		lasting->kind[id] = (uint8_t)kind;
	}
}

void ct_lasting_fini(struct ct_lasting *lasting)
{
	ct_map_fini(&lasting->followed);
	free(lasting->spans);
}

static unsigned bit_of(uint64_t object)
{
	return (unsigned)((object >> 3 ^ object >> 15 ^ object >> 27) % CT_LASTING_BITS);
}

enum ct_status ct_lasting_follow(struct ct_lasting *lasting, uint64_t object)
{
	lasting->bits[bit_of(object) / 64] |= (uint64_t)1 << bit_of(object) % 64;
	return ct_map_put(&lasting->followed, object, 1);
}

void ct_lasting_follow_none(struct ct_lasting *lasting)
{
	ct_map_fini(&lasting->followed);
	ct_map_init(&lasting->followed);
	memset(lasting->bits, 0, sizeof(lasting->bits));
}

static enum kind judge(const struct ct_lasting *lasting, const struct ct_raw *raw)
{
	enum kind kind = kind_of(call_of(raw));

	if (kind == THROUGH && !ct_map_get(&lasting->followed, object_of(raw), NULL))
		return PASSING;
	if (kind == WAITING && !(raw->flags & (CT_F_REQUEST | CT_F_BLOCKED)) &&
	    raw->id != CT_EV_FAIL)
		return PASSING;
	if (kind == MEMORY && raw->flags & CT_F_PLAIN)
		return PASSING;
	return kind;
}

bool ct_record_lasts(const struct ct_lasting *lasting, const struct ct_raw *raw)
{
	return judge(lasting, raw) != PASSING;
}

/* A child copies the memory, and another program has none of it. */
static enum ct_status note_span(struct ct_lasting *lasting, uint32_t process,
				const struct ct_raw *raw)
{
	uint16_t call = call_of(raw);
	enum ct_status status;

	if (call != CT_EV_FORK && call != CT_EV_DAEMON && call != CT_EV_CLONE && call != CT_EV_EXEC)
		return CT_OK;
	if (lasting->open && !(raw->flags & CT_F_REQUEST)) {
		lasting->spans[lasting->span_count - 1].to = raw->time;
		lasting->open = false;
		return CT_OK;
	}
	status = ct_vec_grow(&lasting->spans, &lasting->span_cap, lasting->span_count + 1,
			     sizeof(*lasting->spans));
	if (status)
		return status;
	lasting->spans[lasting->span_count++] =
		(struct ct_lasting_span){.process = process, .from = raw->time, .to = raw->time};
	lasting->open = raw->flags & CT_F_REQUEST;
	return CT_OK;
}

/* Whether the record at `at` can be skipped unread: so are nearly all. */
static inline uint16_t skipped(const struct ct_lasting *lasting, const uint8_t *at)
{
	uint16_t id, flags;
	uint64_t object;
	unsigned bit;

	memcpy(&id, at + offsetof(struct ct_record_head, header.id), sizeof(id));
	if (id >= CT_LASTING_IDS)
		return 0;
	switch (lasting->kind[id]) {
	case THROUGH:
		memcpy(&object, at + sizeof(struct ct_record_head), sizeof(object));
		bit = bit_of(object);
		return lasting->bits[bit / 64] >> bit % 64 & 1 ? 0 : lasting->size[id];
	case WAITING:
		memcpy(&flags, at + offsetof(struct ct_record_head, flags), sizeof(flags));
		return flags & (CT_F_REQUEST | CT_F_BLOCKED) ? 0 : lasting->size[id];
	case MEMORY:
		memcpy(&flags, at + offsetof(struct ct_record_head, flags), sizeof(flags));
		return flags & CT_F_PLAIN ? lasting->size[id] : 0;
	default:
		return lasting->size[id];
	}
}

/* Looks at one record. */
static enum ct_status look_at(struct ct_lasting *lasting, uint32_t process,
			      const struct ct_raw *raw, struct ct_lasting_found *found)
{
	enum kind kind = judge(lasting, raw);

	if (kind == PASSING)
		return CT_OK;
	if (kind == THROUGH) {
		found->followed = true;
		lasting->followed_records++;
		return CT_OK;
	}
	found->lasting = true;
	return note_span(lasting, process, raw);
}

enum ct_status ct_lasting_look(struct ct_lasting *lasting, uint32_t process, const uint8_t *bytes,
			       size_t size, struct ct_lasting_found *out_found)
{
	/* an object of the largest size that is skipped must lie within the bytes */
	const size_t room = sizeof(struct ct_record_head) + sizeof(uint64_t);
	struct ct_lasting_found found = {0};
	enum ct_status status = CT_OK;
	struct ct_window window;
	struct ct_raw raw;
	size_t at = 0, last = 0;

	ct_window_init_memory(&window, bytes, size);
	while (!status && at < size) {
		uint16_t skip = size - at >= room ? skipped(lasting, bytes + at) : 0;

		last = at;
		if (skip && skip <= size - at) {
			at += skip;
			continue;
		}
		if (ct_raw_at(&window, lasting->layouts, CT_STREAM_THREAD, at, size - at, &raw) !=
		    CT_RAW_OK) {
			found.lasting = true; /* who reads it in earnest says what is wrong */
			break;
		}
		at += raw.size;
		status = look_at(lasting, process, &raw, &found);
	}
	if (size &&
	    ct_raw_at(&window, lasting->layouts, CT_STREAM_THREAD, last, size - last, &raw) ==
		    CT_RAW_OK &&
	    raw.flags & CT_F_REQUEST)
		found.waits_for = object_of(&raw);
	*out_found = found;
	return status;
}
