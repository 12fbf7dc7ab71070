#ifndef CT_MODEL_CAUGHT_H
#define CT_MODEL_CAUGHT_H
/*
 * Accesses that were caught in the act: two threads at the same bytes at once, of which at least
 * one writes and at least one is not atomic. Each of the two wrote a record of its own, with one
 * number; where one is lost nothing is said. One pair per two places of the program.
 *
 * That they met is certain. Whether a plain-looking access is an atomic one, the code does not
 * always tell: that is judged elsewhere (plain.h).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct ct_caught;
struct ct_lockset;

struct ct_caught_side {
	const struct ct_thread *thread;
	uint32_t stack, lockset;
	uint64_t time, address;
	uint64_t before, after; /* of one that was held: what stood there at its begin and end */
	uint16_t size;		/* 0: unknown */
	uint8_t kind;		/* CT_ACCESS_READ, _WRITE, CT_CAUGHT_LOCKED, _LIBRARY */
	uint8_t how;		/* enum ct_caught_how */
};

struct ct_caught_pair {
	struct ct_caught_side sides[2];	     /* the one that was held first */
	uint64_t address;		     /* first byte of both, in the process of sides[0] */
	const struct ct_thread *stack_owner; /* on whose stack that is, or NULL */
	uint64_t count;			     /* how often they met */
};

CT_MUST_CHECK enum ct_status ct_caught_new(const struct ct_model *model,
					   struct ct_caught **out_caught);
void ct_caught_free(struct ct_caught *caught); /* NULL is nothing */

/* For steps of CT_EFFECT_CAUGHT; others tell nothing. */
CT_MUST_CHECK enum ct_status ct_caught_step(struct ct_caught *caught, const struct ct_step *step);

/* In the order in which they were first seen. */
const struct ct_caught_pair *ct_caught_pairs(const struct ct_caught *caught, size_t *out_count);
const struct ct_lockset *ct_caught_lockset(const struct ct_caught *caught, uint32_t lockset);
/* Some could not be looked at: there were too many. */
bool ct_caught_given_up(const struct ct_caught *caught);

#endif
