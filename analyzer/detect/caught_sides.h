#ifndef CT_DETECT_CAUGHT_SIDES_H
#define CT_DETECT_CAUGHT_SIDES_H
/*
 * The two sides of a race that was caught: in an order that is the same in each run, and what the
 * source calls the memory.
 */
#include "base/source.h"
#include "base/status.h"

struct ct_arena;
struct ct_race;
struct ct_symbols;

/* Which of two threads is held and which one comes is chance: the side whose line stands first is
 * the first one. Sets race->held, too. */
void ct_caught_sides_order(struct ct_race *race, struct ct_symbols *symbols);

/* Sets race->called and called_at, if a line that writes tells. */
CT_MUST_CHECK enum ct_status ct_caught_sides_name(struct ct_race *race, struct ct_symbols *symbols,
						  struct ct_sources *sources,
						  struct ct_arena *arena);

#endif
