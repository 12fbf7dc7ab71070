#ifndef CT_MODEL_ACCESS_H
#define CT_MODEL_ACCESS_H
/*
 * Accesses to memory, as ct_step lists them, and the blocks of memory that they are to.
 *
 * A location is a number for a byte of memory: the same for the same byte, whatever addresses it
 * has in the processes that share it, and another for the same address in memory that is not
 * shared. Bytes one after the other in one mapping have numbers one after the other. Memory that
 * ends and begins anew (a freed block, a thread's stack) keeps its locations: ct_step's `ends` says
 * when what was known of them is void, which is before the step's own accesses. It may be a whole
 * program's memory, of 2^48 locations, after an exec.
 * In a text trace every variable is eight bytes of its own.
 */
#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

/* `count` accesses by one instruction, the first at `location`, `stride` bytes apart. */
struct ct_access {
	uint64_t location;
	uint64_t address; /* the same, in the thread's process; of a text trace: the variable */
	uint32_t size;	  /* bytes of each, at least 1 */
	uint32_t count;	  /* at least 1 */
	int32_t stride;
	uint32_t stack; /* id in the thread's process, 0 unknown */
	uint8_t kind;	/* enum ct_access_kind */
	uint8_t order;	/* of an atomic one: as struct ct_payload_atomic */
};

/* A block of the heap, as malloc gave it. Borrowed from the model. */
struct ct_block {
	uint64_t address, size, time;
	const struct ct_thread *thread; /* who allocated it */
	uint32_t stack;			/* where, id in its process */
};

/* The block that the address lies in at the point of the order where the model stands; false: it
 * lies in none that is known. */
bool ct_model_block(const struct ct_model *model, const struct ct_process *process,
		    uint64_t address, struct ct_block *out_block);

/* The thread on whose stack the address lies, or NULL. */
const struct ct_thread *ct_model_stack_owner(const struct ct_model *model,
					     const struct ct_process *process, uint64_t address);

#endif
