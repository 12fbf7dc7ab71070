#ifndef CT_MODEL_RESOLVE_H
#define CT_MODEL_RESOLVE_H
/*
 * What a record means: its effect, and the objects and threads that its numbers stand for.
 * Private to model/.
 */
#include "model/state.h"

/* Fills *out_step. Objects begin here where the record uses a new one. */
CT_MUST_CHECK enum ct_status ct_resolve(struct ct_model *model, struct ct_thread *thread,
					const struct ct_record *record,
					const struct ct_event_info *info, struct ct_step *out_step);

/* The kind of object that an event is about; false for events without one. */
bool ct_event_object_kind(uint16_t event, enum ct_object_kind *out_kind);

/* The event that a FAIL record speaks of; 0 for other records. */
uint16_t ct_failed_call(const struct ct_record *record);

#endif
