#ifndef CT_MODEL_PAST_H
#define CT_MODEL_PAST_H
/*
 * What was done to an object before: the other place of a finding about its misuse. All of it is as
 * before the step that an observer sees.
 */
#include "model/traffic.h"

struct ct_past {
	/* The last of each; `thread` NULL: none was seen. */
	struct ct_deed initialised;
	struct ct_deed destroyed; /* also one that failed; ct_object.destroyed tells */
	struct ct_deed released;
	bool overwritten; /* another object began at its place before its end was seen */
};

/* That the thread of the step did it, there and then. */
struct ct_deed ct_deed_of(const struct ct_step *step);

const struct ct_past *ct_past_of(const struct ct_object *object);

/* What stood at the same place before it, of whatever kind; NULL: nothing was seen. */
const struct ct_object *ct_past_life(const struct ct_object *object);

/* Of a forked child's object: the one of its parent that it began as a copy of; or NULL. */
const struct ct_object *ct_past_origin(const struct ct_object *object);

/* Whether its life is over: destroyed, or its memory was given back or holds something else. */
bool ct_past_ended(const struct ct_object *object);

/* For model/ itself: the step does one of the things that are remembered. */
void ct_past_note(const struct ct_step *step);

#endif
