#ifndef CT_MODEL_OUTER_WAITS_H
#define CT_MODEL_OUTER_WAITS_H
/*
 * A thread's waits for locks of the program's own that are made of such locks: those around the
 * one that it stands before. Private to waits.c.
 */
#include "model/model.h"

#define CT_OUTER_WAITS 3u /* the recorder has no requests that are deeper */

struct ct_outer_waits {
	struct ct_wait waits[CT_OUTER_WAITS]; /* outermost first */
	uint32_t count;
};

#endif
