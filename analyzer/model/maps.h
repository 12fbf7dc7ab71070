#ifndef CT_MODEL_MAPS_H
#define CT_MODEL_MAPS_H
/*
 * Shared memory: which addresses of which process lie in which memory, as time goes by. A forked
 * child's mappings begin as a copy of its parent's at that time. Private to model/.
 */
#include "model/state.h"

/* A range of shared memory in one process. */
struct ct_mapping {
	uint64_t start, size, offset, time;
	bool inherited; /* from the parent, by a fork */
	struct ct_memory *memory;
};

/* Memory that processes share. */
struct ct_memory {
	uint64_t device, inode;
	uint64_t space; /* location of its offset 0 (access_private.h); 0: none yet */
	struct ct_object_table table;
	struct ct_memory *next;
};

/* The mapping that an address lies in, else the first after it, or NULL. */
const struct ct_mapping *ct_maps_at_or_after(const struct ct_process_state *process,
					     uint64_t address);
/* The mapping that an address lies in, or NULL. */
const struct ct_mapping *ct_maps_find(const struct ct_process_state *process, uint64_t address);

/* Sorts what the trace says of mappings and of the births of processes. */
CT_MUST_CHECK enum ct_status ct_maps_prepare(struct ct_model_state *state);
/* Brings all processes' mappings up to `time`. */
CT_MUST_CHECK enum ct_status ct_maps_until(struct ct_model_state *state, uint64_t time);
/* Another program runs in the process: what was mapped before `time` is gone. */
void ct_maps_drop_before(struct ct_process_state *process, uint64_t time);
/* The process never was a copy of its parent (vfork, posix_spawn). */
void ct_maps_drop_inherited(struct ct_process_state *process);
void ct_maps_fini(struct ct_model_state *state);

struct ct_timeline_item {
	uint64_t time;
	uint32_t process; /* index */
	size_t map;	  /* index in trace->maps + 1; 0: the process begins */
};

/* Whether something is to be done at `time`; asked for every event. */
static inline bool ct_maps_due(const struct ct_model_state *state, uint64_t time)
{
	return state->timeline_next < state->timeline_count &&
	       state->timeline[state->timeline_next].time <= time;
}

#endif
