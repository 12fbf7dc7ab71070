#ifndef CT_DETECT_ATOMICITY_PAIRS_H
#define CT_DETECT_ATOMICITY_PAIRS_H
/*
 * Finds the pairs of check-then-act (atomicity.h) in the run, and judges them.
 */
#include "detect/atomicity.h"
#include "detect/atomicity_places.h"

/* What a thread read lately outside of what its sections know, see atomicity_pairs.c. */
struct ct_recent_read {
	uint64_t cell, epoch;
	uint32_t stack;
	uint8_t bytes;
};

enum { CT_RECENT_READS = 512 };

struct ct_watched_thread {
	struct ct_thread_sections sections;
	struct ct_recent_read *recent; /* owned; NULL: nothing read yet */
	uint64_t epoch;		       /* how often it gave a lock back, + 1 */
	uint64_t lost;		       /* epoch of which a recent read had to make room */
	unsigned ignoring;	       /* begun and not ended: see conctrace.h */
};

/* A pair that stands, and the write that comes between. */
struct ct_stale {
	struct ct_pair pair;
	struct ct_deed between;
	size_t more; /* further ones of the same two places */
};

struct ct_atomicity {
	const struct ct_model *model;
	struct ct_causality causality;
	struct ct_cells cells;
	struct ct_places places;
	struct ct_watched_thread *threads; /* owned, by id */
	struct ct_pair *pairs;		   /* owned */
	size_t pair_count, pair_cap;
	struct ct_map pairs_of_places; /* how many there are of two places */
	struct ct_stale *stale;	       /* owned */
	size_t stale_count, stale_cap;
	struct ct_map stale_index; /* two places: number in `stale` */
};

/* The accesses of a step, and the memory that it ends. */
CT_MUST_CHECK enum ct_status ct_atomicity_step(struct ct_atomicity *all,
					       const struct ct_step *step);
/* Judges what is left. */
CT_MUST_CHECK enum ct_status ct_atomicity_finish(struct ct_atomicity *all);

#endif
