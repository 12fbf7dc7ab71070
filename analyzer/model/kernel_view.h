#ifndef CT_MODEL_KERNEL_VIEW_H
#define CT_MODEL_KERNEL_VIEW_H
/*
 * What the kernel itself says of a program that lives, at the time of a look: who else could end
 * its waits (outside.h), and who holds the locks on files that the program waits for. Closing a
 * file drops its locks, and a fork shares them, so what the trace tells of them is where they were
 * taken, not who has them.
 *
 * Filled by live/kernel_view.h; the model of a dead program has none.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/outside.h"

/* A lock on a file, held or wanted. */
struct ct_kernel_lock {
	uint64_t device, inode; /* of the file, as stat() tells */
	uint64_t start, last;	/* bytes, both included; UINT64_MAX: to the end */
	uint16_t mode, owner;	/* enum ct_file_lock_mode, ct_file_lock_owner */
	int32_t taker;		/* pid of who took or wants it; -1: the kernel does not tell */
};

/* A process that has a lock: as its own, or by a descriptor of the open file that has it. It may
 * give the lock back by any of its threads. */
struct ct_kernel_holder {
	size_t lock; /* in ct_kernel_view.locks */
	uint32_t pid, fd;
	uint32_t process; /* number in the trace; 0: not all of its threads are recorded */
};

/* A thread that waits for a lock, as the kernel says too. */
struct ct_kernel_wait {
	uint32_t process, thread; /* numbers in the trace */
	uint32_t pid, fd;
	uint64_t since; /* clock ticks: names the wait */
	struct ct_kernel_lock wanted;
};

struct ct_kernel_view {
	/* A thread stands here once per lock that it may be meant by. */
	struct ct_kernel_wait *waits;
	size_t wait_count, wait_cap;
	struct ct_kernel_lock *locks; /* those that stand in the way of some of the waits */
	size_t lock_count, lock_cap;
	struct ct_kernel_holder *holders; /* a process once per descriptor */
	size_t holder_count, holder_cap;
	bool hidden; /* a process that may hold any of them cannot be looked into */
	struct ct_outside outside;
};

void ct_kernel_view_fini(struct ct_kernel_view *view);

/* The first of the thread's waits, of which only the file need be looked at, or NULL: it does not
 * wait for a file lock, or not since then, or nothing can be said of it. */
const struct ct_kernel_wait *ct_kernel_wait_of(const struct ct_kernel_view *view, uint32_t process,
					       uint32_t thread, uint64_t since);

/* Whether two locks cannot be had by different owners at once. */
bool ct_kernel_locks_clash(const struct ct_kernel_lock *a, const struct ct_kernel_lock *b);

/* Whether the lock at that index keeps `wanted` from the waiter: it clashes, and is not of the same
 * owner, who would change it instead. */
bool ct_kernel_keeps_out(const struct ct_kernel_view *view, size_t lock,
			 const struct ct_kernel_wait *waiter, const struct ct_kernel_lock *wanted);

#endif
