#ifndef CT_LIVE_LOCK_TABLE_H
#define CT_LIVE_LOCK_TABLE_H
/*
 * The locks that threads of a scan wait for or hold, each once. A lock in shared memory is one in
 * all processes that map it; the same address of private memory is another one in each.
 */
#include "base/map.h"
#include "live/scan.h"

#define CT_NO_LOCK UINT32_MAX
#define CT_PRIVATE_SPACE ((uint64_t)1 << 63) /* of the process whose number follows */

struct ct_lock_key {
	uint64_t space, inode, address;
};

struct ct_scan_lock {
	struct ct_lock_key key;
	uint32_t next; /* with the same hash; CT_NO_LOCK: none */
	/* The rest is the caller's. Of those who may never go on: how many hold it, and how many
	 * wait to write. */
	size_t writers, readers, waiting_writers;
	uint32_t first_waiter; /* in a list of the caller's */
	bool orphan;	       /* nobody is left who has it */
};

struct ct_lock_table {
	struct ct_scan_lock *locks;
	size_t count, cap;
	uint32_t *wanted; /* by thread of the scan: of the lock it waits for, or CT_NO_LOCK */
	uint32_t *held;	  /* by index in scan->held */
	struct ct_map by_hash;
};

/* What a thread has to be given before its call returns: the lock itself, or the mutex of its
 * condition wait. 0: no lock. */
uint64_t ct_lock_wanted(const struct ct_scan_thread *thread);
/* Whether it would share the lock with others, or does. */
bool ct_lock_is_shared(uint16_t event);

static inline bool ct_lock_is_private(const struct ct_scan_lock *lock)
{
	return lock->key.space & CT_PRIVATE_SPACE;
}

/* `waits`, by thread: whose locks are looked at. CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_lock_table_init(struct ct_lock_table *table,
						const struct ct_scan *scan, const bool *waits);
void ct_lock_table_fini(struct ct_lock_table *table);

#endif
