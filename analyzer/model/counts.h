#ifndef CT_MODEL_COUNTS_H
#define CT_MODEL_COUNTS_H
/*
 * How often the program did what, and the processor time that it took. Counted while the model
 * runs; of a trace of which the begin was left out (ct_trace_open_recent), of what was read.
 */
#include <stdbool.h>
#include <stdint.h>

#include "model/kinds.h"
#include "model/model.h"

/* Ids of events are below it. */
#define CT_COUNTED_EVENTS 512u

struct ct_counts {
	/* Calls by their event, also those that wait still and tries that failed; else events. */
	uint64_t by_event[CT_COUNTED_EVENTS];
	uint64_t by_kind[CT_OBJECT_KINDS]; /* calls upon objects that the program made itself */
	uint64_t last_time;		   /* of the newest event, in ticks */
	uint64_t cpu_us; /* of the processes that ended, user and system; others are not known */
	uint64_t ended;	 /* so many they are */
};

/* Takes an event in, before it takes effect. */
void ct_counts_add(struct ct_counts *counts, const struct ct_step *step);

/* Whether the event is a call that programs make by that name. */
bool ct_event_is_call(const struct ct_event_info *info);

/* Objects of a kind, but for those that were there before the program. Of a model that was run. */
uint64_t ct_counts_objects(const struct ct_model *model, enum ct_object_kind kind);

#endif
