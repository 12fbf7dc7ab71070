#include "reader/events.h"

#include <stddef.h>

/* All tables are indexed by id: a hole has a NULL name. Ids are small by the rule of events.def. */

struct row {
	struct ct_event_info info;
	enum ct_layout_id layout;
};

static const struct row events[] = {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)                                        \
	[id] = {{id, #NAME, api, #FAMILY, CT_EFFECT_##EFFECT}, CT_LAYOUT_##PAYLOAD},
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
};

static const struct {
	const char *api;
	enum ct_layout_id layout;
} definitions[] = {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)
#define DEFINE(id, NAME, api, PAYLOAD, text) [id] = {api, CT_LAYOUT_##PAYLOAD},
#include "format/events.def"
#undef EVENT
#undef DEFINE
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct ct_event_info *ct_event_info(uint16_t id)
{
	if (id >= COUNT(events) || !events[id].info.name)
		return NULL;
	return &events[id].info;
}

enum ct_layout_id ct_event_layout(enum ct_stream_id stream, uint16_t id)
{
	if (stream == CT_STREAM_THREAD)
		return ct_event_info(id) ? events[id].layout : CT_LAYOUT_NONE;
	if (id >= COUNT(definitions) || !definitions[id].api)
		return CT_LAYOUT_NONE;
	return definitions[id].layout;
}

const char *ct_event_api(enum ct_stream_id stream, uint16_t id)
{
	const struct ct_event_info *info = ct_event_info(id);

	if (stream == CT_STREAM_THREAD)
		return info ? info->api : NULL;
	return id < COUNT(definitions) ? definitions[id].api : NULL;
}
