#ifndef CT_RECORD_FORK_H
#define CT_RECORD_FORK_H
/*
 * A process becomes two. A forked child has a copy of the parent's memory and goes on with a
 * process of its own, as soon as anybody notices: the hook of fork, an atfork handler, or (after a
 * fork that no hook saw) the first record. A vfork child has the memory itself, and only borrows
 * the thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "format/ct_live.h"
#include "record/recorder.h"

/* What a child is to know of the thread that forked it, copied before the fork: the live page is
 * shared memory that the parent goes on changing, and its recorder is wiped in the child. */
struct ct_fork_snapshot {
	uint32_t count, creator, parent;
	uintptr_t stack_low, stack_high;
	struct ct_fork_snapshot *outer;	 /* of the fork in whose atfork handler this one is */
	struct ct_recorder *interrupted; /* the thread's, if a signal handler forks amid a record */
	struct ct_held held[CT_HELD_MAX];
};

/* Around a real fork. Between them a child finds the snapshot, whoever notices it. */
void ct_fork_begin(struct ct_fork_snapshot *out);
/* The program's atfork handlers have run, which lock and unlock; where there are such handlers. */
void ct_fork_prepared(void);
void ct_fork_parent(const struct ct_fork_snapshot *snapshot);
/* In a child that may have been noticed. */
void ct_fork_child(void);

/* Whether this is a forked child that nobody has noticed. */
bool ct_fork_unnoticed(void);
/* In such a child: leaves all of the parent's behind and starts its own. */
void ct_fork_reborn(void);

/* In a vfork child: a process of its own for the calling thread, until ct_fork_vfork_end() in the
 * parent, which gives the thread back to the recorder `parent`. */
void ct_fork_snapshot(struct ct_fork_snapshot *out);
void ct_fork_vfork_begin(const struct ct_fork_snapshot *snapshot);
void ct_fork_vfork_end(struct ct_recorder *parent);

#endif
