#ifndef CT_DETECT_ATOMICITY_H
#define CT_DETECT_ATOMICITY_H
/*
 * What the detector of check-then-act keeps: for each cell (eight bytes) that was written under a
 * lock, who wrote it and under which; and the pairs of a read under one hold of a lock and a write
 * under the next one, which wait to be judged when the memory ends, or the trace.
 *
 * Bounded: the newest CT_WRITES_OF_CELL writes of a cell, CT_PAIRS_OF_PLACES pairs of the same two
 * places, and the limits of the whole below. Beyond them pairs are missed, none is made up.
 */
#include "base/map.h"
#include "finding/finding.h"
#include "model/access.h"
#include "model/causality.h"
#include "model/sections.h"
#include "model/symbols.h"

enum {
	CT_HOLDS_MAX = 6, /* who writes under more locks is left out */
	CT_WRITES_OF_CELL = 16,
	CT_PAIRS_OF_PLACES = 64,
	CT_GUARDED_CELLS = 1 << 20,
	CT_LOCKED_WRITES = 1 << 17,
	CT_ATOMICITY_PAIRS = 1 << 16,
	CT_PAIR_OTHERS = 8,
};

/* An access as it will be told. */
struct ct_deed {
	const struct ct_thread *thread;
	struct ct_touch touch;
	struct ct_held_lock holds[CT_HOLDS_MAX];
	size_t hold_count;
};

struct ct_locked_write {
	struct ct_deed deed;
	struct ct_vclock clock;
	uint64_t order; /* index of its newest step */
	uint32_t next;	/* of the same cell, number + 1 */
};

/* A thread read something under one hold of `lock` and wrote it under the next. */
struct ct_pair {
	const struct ct_object *lock;
	struct ct_touch read;
	struct ct_held_lock read_hold; /* the first one, of `lock` */
	struct ct_deed write;
	struct ct_vclock clock;	    /* of the write */
	const struct ct_deed *came; /* a write by another thread that came between, or NULL */
	struct ct_held_lock through[CT_HOLDS_MAX]; /* had all the way from the read to the write */
	size_t through_count;
	/* What it read under both holds, before the write: if others write that, it is a check. */
	struct ct_touch others[CT_PAIR_OTHERS];
	size_t other_count;
	struct ct_block block; /* that it lies in; size 0: none */
	const struct ct_thread *stack_owner;
	uint32_t next; /* of the same cell, number + 1 */
};

struct ct_guarded_cell {
	uint64_t cell;
	uint32_t writers[8]; /* of each byte: thread id + 1 of who wrote it last */
	uint32_t writes;     /* newest first; number + 1 */
	uint32_t pairs;
	uint8_t handed_over; /* bytes by which threads tell each other whose turn it is */
};

struct ct_cells {
	struct ct_map index; /* cell: struct ct_guarded_cell */
	struct ct_arena arena;
	struct ct_locked_write *writes; /* owned */
	size_t write_count, write_cap;
	uint32_t free_writes; /* number + 1 */
	uint64_t *seen;	      /* owned: a bit for every cell touched under a lock */
};

CT_MUST_CHECK enum ct_status ct_cells_init(struct ct_cells *cells);
void ct_cells_fini(struct ct_cells *cells);

/* Whether the cell may have been touched under a lock; and that it was. */
bool ct_cells_seen(const struct ct_cells *cells, uint64_t cell);
void ct_cells_see(struct ct_cells *cells, uint64_t cell);

/* NULL: nothing is known of it. */
struct ct_guarded_cell *ct_cells_find(const struct ct_cells *cells, uint64_t cell);
/* The same, made if it is not there; *out_cell is NULL where the limit is reached. */
CT_MUST_CHECK enum ct_status ct_cells_get(struct ct_cells *cells, uint64_t cell,
					  struct ct_guarded_cell **out_cell);

/* A write of `deed` under its locks. */
CT_MUST_CHECK enum ct_status ct_cells_write(struct ct_cells *cells, struct ct_guarded_cell *cell,
					    const struct ct_deed *deed,
					    const struct ct_vclock *clock, uint64_t order);
void ct_cells_wrote(struct ct_guarded_cell *cell, const struct ct_thread *thread, uint8_t bytes);

/* Forgets what was known of the cell, as its memory ends. */
void ct_cells_end(struct ct_cells *cells, struct ct_guarded_cell *cell);

/* The lock's hold among `holds`, or NULL. */
const struct ct_held_lock *ct_hold_of(const struct ct_held_lock *holds, size_t count,
				      const struct ct_object *lock);

/* The newest write by another thread that came between the pair's two, or NULL: to be asked when
 * the pair is made. */
const struct ct_deed *ct_cells_between(const struct ct_cells *cells,
				       const struct ct_guarded_cell *cell,
				       const struct ct_pair *pair, uint64_t read_order);
/* A write by another thread that could come between, or `came`; NULL: there is none, or the pair is
 * right for another reason. */
const struct ct_deed *ct_cells_judge(const struct ct_cells *cells,
				     const struct ct_guarded_cell *cell,
				     const struct ct_pair *pair);

#endif
