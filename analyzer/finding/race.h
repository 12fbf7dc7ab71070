#ifndef CT_FINDING_RACE_H
#define CT_FINDING_RACE_H
/*
 * Findings about memory: two accesses that nothing orders, or a value that was read under one hold
 * of a lock and acted upon under another one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding/place.h"
#include "model/model.h"

/* One of the accesses. */
struct ct_race_side {
	struct ct_place place; /* thread, process, stack, time; the stack's first frame did it */
	uint64_t address;      /* in its process; of a text trace: the variable */
	uint32_t size;
	uint8_t kind;			/* enum ct_access_kind; CT_CAUGHT_LIBRARY */
	uint8_t how;			/* enum ct_caught_how, or 0: it was not caught */
	uint64_t before, after;		/* of CT_CAUGHT_HELD, as struct ct_payload_caught */
	const struct ct_object **locks; /* held then ... */
	const enum ct_mode *modes;
	struct ct_place *taken_at; /* ... and since where */
	size_t lock_count;
};

/* Two accesses to the same memory, at least one a write, that nothing orders. */
struct ct_race {
	struct ct_race_side
		sides[2]; /* as they came in the run; of one that was caught: by place */
	uint64_t address; /* first byte that both touch, in the process of sides[0] */
	/* The heap block that it lies in, or the thread on whose stack it does; or neither. */
	uint64_t block_address, block_size; /* size 0: none */
	struct ct_place allocated_at;
	const struct ct_thread *stack_owner;
	bool in_run; /* unordered in the run as it was; else in another order of its events */
	bool caught; /* both were there at once: stopped just before it, or seen just after it */
	int held;    /* of one that was caught: the side that was stopped before its access */
	/* What the source calls the memory there ("list->head" at "list.c:24"), or NULL. */
	const char *called, *called_at;
	bool between_processes;
	size_t more; /* further pairs of accesses of the same two sites */
	/*
	 * Of atomicity, else NULL: what the thread of sides[0] read under an earlier hold of
	 * `lock`. It then writes (sides[0]) under a later one, and sides[1] is another thread's
	 * write that comes between the two, in the run (in_run) or in another order of its events.
	 */
	const struct ct_race_side *check;
	const struct ct_object *lock;
};

/* "writes", "frees": the verb of an access; "it" goes well with it. */
const char *ct_race_verb(const struct ct_race_side *side);

#endif
