#ifndef CT_MODEL_ACCESS_PRIVATE_H
#define CT_MODEL_ACCESS_PRIVATE_H
/*
 * How the model makes ct_step's accesses. Private to model/ and its tests.
 *
 * access_place.c gives locations, access.c reads records, access_memory.c follows what begins and
 * ends. A location is the number of a space, of 2^48 locations, and a place in it: an address for
 * the memory of one program (a process has another space after an exec), an offset for memory that
 * processes share. A text trace has no spaces: a variable's number times eight.
 */
#include "model/access.h"
#include "model/blocks.h"
#include "model/maps.h"

#define CT_SPACE_BITS 48
#define CT_SPACE_SIZE ((uint64_t)1 << CT_SPACE_BITS)

/* A module's memory that is gone since `time`. */
struct ct_unloading {
	uint64_t time, start, size;
	uint32_t process, image; /* index of the process */
};

/* What is known of the memory of one process. */
struct ct_process_memory {
	uint64_t space; /* location of its address 0; 0: none yet */
	uint32_t image; /* of which the space and the blocks are */
	struct ct_blocks blocks;
	struct ct_unloading *unloadings; /* that are still to be told; borrowed */
	size_t unloading_count;
};

/* Addresses in a row whose locations are so too. */
struct ct_region {
	uint64_t start, size;
	uint64_t location; /* of `start`; 0: they have none */
};

struct ct_accesses {
	struct ct_process_memory *processes; /* by index */
	struct ct_unloading *unloadings;     /* owned; by process, then time */
	size_t unloading_count;
	struct ct_access *list; /* owned; of the step */
	size_t count, cap;
	struct ct_region region; /* where the last access was; of this step */
	uint64_t last_space;
};

/* CT_OK with nothing done where the trace has no accesses: all of these then do nothing. */
CT_MUST_CHECK enum ct_status ct_accesses_prepare(struct ct_model_state *state);
void ct_accesses_fini(struct ct_model_state *state);

/* Fills the step's accesses and what ends with it. */
CT_MUST_CHECK enum ct_status ct_accesses_resolve(struct ct_model_state *state,
						 struct ct_step *step);
/* What the step does to blocks; after the observers saw it. */
CT_MUST_CHECK enum ct_status ct_accesses_apply(struct ct_model_state *state,
					       const struct ct_step *step);

/* The process's memory, or the memory of the one that it borrows it from. */
struct ct_process_memory *ct_memory_of(struct ct_model_state *state,
				       const struct ct_process *process);

/* The region that an address lies in; one without locations at addresses that no memory has. */
struct ct_region ct_region_of(struct ct_model_state *state, const struct ct_process *process,
			      uint64_t address);
/* The location of an address, or 0. */
uint64_t ct_place_of(struct ct_model_state *state, const struct ct_process *process,
		     uint64_t address);
/* The same without regard to what is shared: of an address as the process's own. */
uint64_t ct_place_private(struct ct_model_state *state, const struct ct_process *process,
			  uint64_t address);

/* Appends the accesses to the step's list: `access` says all but the location, and is used up. It
 * is cut where a region ends; what has no location is left out. */
CT_MUST_CHECK enum ct_status ct_accesses_add(struct ct_model_state *state,
					     const struct ct_process *process,
					     struct ct_access *access);

/* What a MEMORY_FREED gives back of a block that is known; the size is 0 if it is of none. */
struct ct_freed {
	uint64_t address, size;
	struct ct_live_block *block;
};
struct ct_freed ct_freed_by(struct ct_model_state *state, const struct ct_step *step);
/* Sets the step's `ends`. */
void ct_accesses_end(struct ct_model_state *state, struct ct_step *step);

#endif
