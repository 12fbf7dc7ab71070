/*
 * Locks as in Stefan Savage et al., "Eraser: A Dynamic Data Race Detector for Multithreaded
 * Programs", 1997, but of each memory one lock only is known: of two that all hold, one does.
 */
#include "access/trap/history.h"

#include <stdbool.h>

#include "access/trap/company.h"

#define ENTRIES 16384u /* a power of two */
#define PART 4u /* bytes that are one to it: accesses of the same memory mostly begin alike */

/* An entry, from the lowest bit: 16 of the thread's id, 1: there were several, 23 of a lock (0:
 * none), 8 of the number of threads that had begun, 16 that tell the memory from other which have
 * the same entry. */
#define THREAD_MASK UINT64_C(0xffff)
#define SEVERAL UINT64_C(0x10000)
#define LOCK_SHIFT 17
#define LOCK_MASK (UINT64_C(0x7fffff) << LOCK_SHIFT)
#define BEGUN_SHIFT 40
#define BEGUN_MASK (UINT64_C(0xff) << BEGUN_SHIFT)
#define WORD_SHIFT 48
#define WORD_MASK (UINT64_MAX << WORD_SHIFT)

static uint64_t entries[ENTRIES];

static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	return value ^ value >> 29;
}

static uint64_t lock_of(const struct ct_held *held)
{
	uint64_t lock = mix(held->object) & LOCK_MASK;

	return lock ? lock : UINT64_C(1) << LOCK_SHIFT;
}

/* The one that was taken last: of an outer and an inner one, that is made for less memory. */
static uint64_t newest_lock(const struct ct_live *live)
{
	return live->held_count ? lock_of(&live->held[live->held_count - 1]) : 0;
}

static bool holds(const struct ct_live *live, uint64_t lock)
{
	bool found = false;

	for (uint32_t i = 0; i < live->held_count && !found; i++)
		found = lock_of(&live->held[i]) == lock;
	return found;
}

/* Whether the thread has begun since: what it was given when it was created is its own now. */
static bool is_younger(const struct ct_live *live, uint64_t entry)
{
	return (int8_t)(live->thread - (uint8_t)(entry >> BEGUN_SHIFT)) > 0;
}

/* What the entry is after one more thread's access. */
static uint64_t shared(uint64_t before, const struct ct_live *live)
{
	/* what the first one did was perhaps before others could come */
	if (!(before & SEVERAL))
		return (before & ~LOCK_MASK) | SEVERAL | newest_lock(live);
	return holds(live, before & LOCK_MASK) ? before : before & ~LOCK_MASK;
}

enum ct_history ct_history_note(const struct ct_held_access *access, const struct ct_live *live,
				uint32_t threads_begun)
{
	uint64_t word = mix(access->space ^ mix(access->start / PART)), before, now;
	uint64_t *entry = &entries[word & (ENTRIES - 1)];
	uint64_t thread = access->tid & THREAD_MASK;
	uint64_t own =
		(word & WORD_MASK) | thread | ((uint64_t)threads_begun << BEGUN_SHIFT & BEGUN_MASK);
	enum ct_history history;

	before = __atomic_load_n(entry, __ATOMIC_RELAXED);
	if (!before || (before ^ word) & WORD_MASK) {
		before = own;
		history = CT_HISTORY_NEW;
	} else if (!(before & SEVERAL) && (before & THREAD_MASK) == thread) {
		history = CT_HISTORY_OWN;
	} else if (!(before & SEVERAL) && is_younger(live, before)) {
		history = CT_HISTORY_GIVEN;
	} else {
		history = CT_HISTORY_SHARED;
	}
	now = own;
	if (history == CT_HISTORY_SHARED || access->space & CT_COMPANY_OF_PROCESSES) {
		now = shared(before, live);
		history = now & LOCK_MASK ? CT_HISTORY_LOCKED : CT_HISTORY_SHARED;
	}
	/* of two threads at once one is forgotten, until it comes again */
	__atomic_store_n(entry, now, __ATOMIC_RELAXED);
	return history;
}
