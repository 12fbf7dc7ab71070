#ifndef CT_DETECT_ATOMICITY_PLACES_H
#define CT_DETECT_ATOMICITY_PLACES_H
/* Whether two stacks stand in one statement: what is read there is read to be written. */
#include "base/arena.h"
#include "base/map.h"
#include "model/names.h"
#include "model/symbols.h"

/* Places of the program by number, looked up when they are first asked for. */
struct ct_places {
	const struct ct_trace *trace;
	struct ct_symbols *symbols; /* owned; NULL: not yet needed */
	struct ct_arena arena;
	struct ct_names names;
	struct ct_map known; /* process << 32 | stack: number + 1, 0 unknown */
};

/* Number of a place (function, file and line), or 0: unknown. */
CT_MUST_CHECK enum ct_status ct_places_number(struct ct_places *places, uint32_t process,
					      uint32_t stack, uint32_t *out_number);

#endif
