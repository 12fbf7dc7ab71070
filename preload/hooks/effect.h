#ifndef CT_HOOKS_EFFECT_H
#define CT_HOOKS_EFFECT_H
/*
 * What events.def says of an event, folded away by the compiler where the event is a constant: the
 * hooks name their event, so nothing of this is left on their quick way.
 */
#include <stdbool.h>
#include <stdint.h>

#include "format/ct_format.h"

/* What an event does (events.def), folded at compile time where `event` is constant. */
static inline enum ct_effect ct_event_effect(uint16_t event)
{
	switch (event) {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)                                        \
	case id:                                                                                   \
		return CT_EFFECT_##EFFECT;
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
	default:
		return CT_EFFECT_NOTE;
	}
}

static inline bool ct_event_has_arg(uint16_t event)
{
	switch (event) {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text)                                        \
	case id:                                                                                   \
		return CT_PAYLOAD_##PAYLOAD == CT_PAYLOAD_OBJ_ARG;
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
	default:
		return false;
	}
}

static inline bool ct_event_holds(uint16_t event)
{
	return ct_event_effect(event) == CT_EFFECT_ACQUIRE ||
	       ct_event_effect(event) == CT_EFFECT_ACQUIRE_SHARED;
}

#endif
