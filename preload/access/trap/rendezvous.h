#ifndef CT_ACCESS_TRAP_RENDEZVOUS_H
#define CT_ACCESS_TRAP_RENDEZVOUS_H
/*
 * Held accesses in memory that all processes of a trace share: a thread announces the access that
 * it is held at, and one other thread may meet it there. Nothing is ever waited for without an end,
 * and nothing is left behind: a place whose holder was killed is free again after a second.
 *
 * Every function is async-signal-safe. Times are milliseconds of a clock that all processes share.
 */
#include <stdbool.h>
#include <stdint.h>

#include "format/ct_live.h"

/* A holder's, or what another saw: where, and in which state. */
struct ct_held_place {
	struct ct_held_access *at;
	uint64_t state;
};

/* Announces `what` (its `state` and `check` need not be set) in one of CT_HELD_ACCESSES places.
 * False: all are taken. */
bool ct_rendezvous_hold(struct ct_held_access *places, const struct ct_held_access *what,
			uint32_t now_ms, struct ct_held_place *out);
/* Returns when somebody has come, or at a time of CLOCK_MONOTONIC. */
void ct_rendezvous_wait(const struct ct_held_place *place, uint64_t until_ns);
/* Gives the place back. True: somebody has come. */
bool ct_rendezvous_leave(const struct ct_held_place *place);

/* What is held at places[i]. False: nothing, or it is just changing. */
bool ct_rendezvous_look(struct ct_held_access *places, uint32_t i, uint32_t now_ms,
			struct ct_held_access *out, struct ct_held_place *out_place);
/* Meets who is held there, and lets it go on. False: it has gone, or somebody else has come. */
bool ct_rendezvous_meet(const struct ct_held_place *place);

/* Whether two accesses would be a data race. */
bool ct_rendezvous_conflict(const struct ct_held_access *a, const struct ct_held_access *b);

#endif
