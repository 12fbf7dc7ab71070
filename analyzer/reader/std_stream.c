#include "reader/std.h"

#include <stdlib.h>

#include "reader/dump.h"
#include "reader/events.h"

struct cursor {
	const struct ct_std *std; /* borrowed */
	uint32_t next;		  /* event number, 0: at the end */
	union {
		struct ct_payload_obj_arg obj_arg;
		struct ct_payload_fail fail;
	} payload; /* of the last record */
};

static bool has_helpers(const struct ct_std_event *event)
{
	return event->flags & CT_F_REQUEST &&
	       (event->event == CT_EV_READ || event->event == CT_EV_WRITE ||
		event->event == CT_EV_SEM_WAIT);
}

/* The CTF payload of `out`; the layout OBJ is the beginning of OBJ_ARG. */
static void ctf_payload(struct cursor *cursor, const struct ct_std_event *event,
			struct ct_record *out)
{
	out->payload = &cursor->payload;
	switch (ct_event_layout(CT_STREAM_THREAD, event->event)) {
	case CT_LAYOUT_FAIL:
		cursor->payload.fail = (struct ct_payload_fail){out->object, (uint32_t)out->arg,
								(uint16_t)(event->arg >> 32)};
		out->payload_size = sizeof(cursor->payload.fail);
		break;
	case CT_LAYOUT_OBJ:
		cursor->payload.obj_arg = (struct ct_payload_obj_arg){out->object, 0};
		out->payload_size = sizeof(struct ct_payload_obj);
		break;
	default:
		cursor->payload.obj_arg = (struct ct_payload_obj_arg){out->object, out->arg};
		out->payload_size = sizeof(cursor->payload.obj_arg);
		break;
	}
}

/* The record of event `number`. */
static void make_record(struct cursor *cursor, uint32_t number, struct ct_record *out)
{
	const struct ct_std_event *event = &cursor->std->events[number - 1];

	*out = (struct ct_record){
		.time = number,
		.object = event->object,
		.arg = event->arg,
		.stack = event->stack,
		.event = event->event,
		.flags = event->flags,
	};
	if (has_helpers(event))
		out->arg = 0;
	if (event->event == CT_EV_FAIL)
		out->arg &= UINT32_MAX;
	ctf_payload(cursor, event, out);
}

static enum ct_status open_stream(struct ct_trace *trace, size_t thread, void **out_cursor)
{
	const struct ct_std *std = ct_reader_of(trace)->form_data;
	struct cursor *cursor = calloc(1, sizeof(*cursor));

	if (!cursor)
		return CT_ENOMEM;
	cursor->std = std;
	if (thread < std->end_count)
		cursor->next = std->ends[thread].first;
	*out_cursor = cursor;
	return CT_OK;
}

static bool next_record(void *state, struct ct_record *out_record)
{
	struct cursor *cursor = state;
	const struct ct_std_event *event;

	if (!cursor->next)
		return false;
	event = &cursor->std->events[cursor->next - 1];
	make_record(cursor, cursor->next, out_record);
	if (has_helpers(event)) {
		const struct ct_std_helpers *helpers =
			event->arg ? &cursor->std->helpers[event->arg - 1] : NULL;

		out_record->payload = helpers ? helpers->threads : NULL;
		out_record->payload_size =
			helpers ? helpers->count * (uint32_t)sizeof(*helpers->threads) : 0;
	}
	cursor->next = event->next;
	return true;
}

static void close_stream(void *cursor)
{
	free(cursor);
}

static enum ct_status each_event(struct ct_trace *trace,
				 enum ct_status (*visit)(void *state, const struct ct_event *event),
				 void *state)
{
	const struct ct_std *std = ct_reader_of(trace)->form_data;
	struct cursor cursor = {.std = std};
	enum ct_status status = CT_OK;

	for (uint32_t i = 1; !status && i <= std->event_count; i++) {
		struct ct_record record;
		struct ct_event event;

		make_record(&cursor, i, &record);
		event = (struct ct_event){
			.id = record.event,
			.flags = record.flags,
			.process = 1,
			.thread = std->events[i - 1].thread,
			.stack = record.stack,
			.time = record.time,
			.payload = record.payload,
			.payload_size = record.payload_size,
		};
		status = visit(state, &event);
	}
	return status;
}

static void free_std(void *form_data)
{
	struct ct_std *std = form_data;

	ct_names_fini(&std->threads);
	ct_names_fini(&std->objects);
	ct_names_fini(&std->locations);
	ct_map_fini(&std->rwlocks);
	free(std->events);
	free(std->helpers);
	free(std->ends);
	free(std);
}

const struct ct_form ct_std_form = {
	.stream_open = open_stream,
	.stream_next = next_record,
	.stream_close = close_stream,
	.each_event = each_event,
	.free = free_std,
};
