#include "model/lists.h"

#include <string.h>

/* Copies element `index` of the list behind `fixed` bytes, which end in its count. */
static bool element(const struct ct_record *record, size_t fixed, size_t index, void *out,
		    size_t size)
{
	const char *payload = record->payload;
	uint16_t count;

	if (record->payload_size < fixed)
		return false;
	memcpy(&count, payload + fixed - sizeof(count), sizeof(count));
	if (index >= count || (record->payload_size - fixed) / size <= index)
		return false;
	memcpy(out, payload + fixed + index * size, size);
	return true;
}

static bool has_payload(const struct ct_record *record, enum ct_payload_id payload)
{
	switch (record->event) {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)                                        \
	case id:                                                                                   \
		return payload == CT_PAYLOAD_##PAYLOAD;
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
	default:
		return false;
	}
}

bool ct_list_sem_op(const struct ct_record *record, size_t index, struct ct_sem_op *out_op)
{
	return has_payload(record, CT_PAYLOAD_SEM_OPS) &&
	       element(record, sizeof(struct ct_payload_sem_ops), index, out_op, sizeof(*out_op));
}

bool ct_list_polled(const struct ct_record *record, size_t index, struct ct_polled *out_polled)
{
	return has_payload(record, CT_PAYLOAD_POLL) &&
	       element(record, sizeof(struct ct_payload_poll), index, out_polled,
		       sizeof(*out_polled));
}

uint64_t ct_sem_key(uint64_t set, uint16_t number)
{
	return (set & ~(uint64_t)CT_SEM_ALL) | number;
}

int ct_sem_amount(const struct ct_sem_op *op)
{
	return (int16_t)op->amount;
}

bool ct_read_file_lock(const struct ct_record *record, struct ct_payload_file_lock *out_lock)
{
	if (!has_payload(record, CT_PAYLOAD_FILE_LOCK) || record->payload_size < sizeof(*out_lock))
		return false;
	memcpy(out_lock, record->payload, sizeof(*out_lock));
	return true;
}
