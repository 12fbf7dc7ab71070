#ifndef CT_MODEL_CODE_PLACE_H
#define CT_MODEL_CODE_PLACE_H
/*
 * Places of the program as numbers: the innermost frame of a stack, whatever called it. Forked
 * processes run the same program at the same addresses, and so have the same places.
 */
#include <stdint.h>

#include "base/map.h"
#include "model/model.h"

struct ct_code_places {
	const struct ct_trace *trace;
	struct ct_map of_stack; /* process and stack: place */
	struct ct_map places;	/* program and address in it: place */
};

void ct_code_places_init(struct ct_code_places *places, const struct ct_trace *trace);
void ct_code_places_fini(struct ct_code_places *places);

/* From 1. A stack that is not known is a place of its own. */
CT_MUST_CHECK enum ct_status ct_code_place(struct ct_code_places *places,
					   const struct ct_thread *thread, uint32_t stack,
					   uint64_t *out_place);

#endif
