#ifndef CT_READER_EVENTS_H
#define CT_READER_EVENTS_H
/*
 * The decode table made from events.def: which payload each id has. Private to reader/.
 * For names and effects of thread events see ct_event_info in reader.h.
 */
#include "reader/reader.h"

/* One per row of payloads.def. */
enum ct_layout_id {
#define PAYLOAD(NAME, FIXED, ELEMENT, fields) CT_LAYOUT_##NAME,
#include "format/payloads.def"
#undef PAYLOAD
	CT_LAYOUT_COUNT,
	CT_LAYOUT_NONE = CT_LAYOUT_COUNT, /* no such event */
};

/* Of the event of that id in that stream; CT_LAYOUT_NONE for an unknown one. */
enum ct_layout_id ct_event_layout(enum ct_stream_id stream, uint16_t id);

/* What dump prints; NULL for an unknown id. */
const char *ct_event_api(enum ct_stream_id stream, uint16_t id);

#endif
