#ifndef CT_MODEL_TRAPS_H
#define CT_MODEL_TRAPS_H
/*
 * What was done to catch data races in the act: how many places had traps, for how long threads
 * were held, and which processes had none, or not to their end. docs/trapped-races.md.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

/* Reasons are those of enum ct_trap_aside; a later format may have more of them. */
enum { CT_TRAP_REASONS = 32 };

struct ct_traps {
	size_t programs;      /* that said how it went: one that a process execs is another one */
	size_t with;	      /* of these had traps */
	bool ended;	      /* not all were killed before they could say more than that */
	size_t aside;	      /* had none, or not to their end ... */
	uint32_t reasons;     /* ... for these: bits by their number; bit 0: one that is unknown */
	uint64_t places;      /* of the program that had most */
	uint64_t taken, held; /* how often, in all */
	uint64_t held_ns, allowed_ns;
	uint64_t caught; /* records of accesses that were caught; two for each meeting */
};

/* Takes in what an event tells of it. */
CT_MUST_CHECK enum ct_status ct_traps_note(struct ct_model *model, const struct ct_step *step);

/* Of what the model has seen so far. */
void ct_traps_sum(const struct ct_model *model, struct ct_traps *out);

#endif
