#ifndef CT_TIMING_MONITORS_H
#define CT_TIMING_MONITORS_H
/*
 * Locks that a program made of a mutex and a condition: "somebody has it" is a variable of the
 * program, so the record does not tell who. What happens to mutex and condition does:
 *
 * - a section of the mutex in which the condition is signalled gives the lock back,
 * - one that does not takes it,
 * - one that ends in a wait for the condition does neither: the lock was taken.
 *
 * It is a lock if it is always taken while nobody has it, and given back by who has it. A queue, a
 * counting semaphore, a pool of threads fail that soon.
 *
 * Such a lock may have another mutex with another condition (Python: to know that somebody else has
 * taken it), used only within its sections or right after they gave it back: its satellite.
 * Source: C. A. R. Hoare, "Monitors: An Operating System Structuring Concept", 1974.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "model/model.h"
#include "timing/span.h"

struct ct_monitor {
	const struct ct_object *mutex, *condition;
	const struct ct_thread *owner; /* NULL: nobody has it, or unknown */
	bool owner_known;
	bool signalled; /* in the section under way */
	bool failed;	/* it is no lock: who has it is followed no more */
	uint32_t stack; /* of a call on it, in the mutex's process */
	uint64_t takes, gives, violations;
	uint64_t waits_owning; /* waits for other things than locks while owning it */
	uint64_t events;       /* on mutex and condition */
	uint64_t held_ns, since_ns;
	struct ct_map users;  /* ids of threads that took it */
	uint32_t host;	      /* monitor of which it may be a satellite, its number + 1 */
	uint64_t hosted, all; /* sections that were so, all sections */
};

struct ct_monitor_thread;
struct ct_monitors {
	struct ct_monitor *items; /* owned */
	size_t count, cap;
	struct ct_map of_object;	   /* id of mutex or condition -> number */
	struct ct_monitor_thread *threads; /* by id; owned */
	size_t thread_count, thread_cap;
};

/* All zeros is an empty one. */
void ct_monitors_fini(struct ct_monitors *monitors);
CT_MUST_CHECK enum ct_status ct_monitors_step(struct ct_monitors *monitors,
					      const struct ct_step *step, uint64_t time_ns);
/* Of each wait, when it has ended. */
void ct_monitors_waited(struct ct_monitors *monitors, const struct ct_span *span);

/* After all steps. A lock in its own right, used in turns by two threads at least. */
bool ct_monitor_is_lock(const struct ct_monitor *monitor);
/* Number `satellite` is used only for the lock number `host`. */
bool ct_monitor_is_satellite(const struct ct_monitors *monitors, size_t satellite, size_t host);

#endif
