#ifndef CT_LIVE_CYCLE_H
#define CT_LIVE_CYCLE_H
/*
 * Circles of ownership among threads that do not move: each waits for a lock that another one
 * holds (on a file: as the kernel says, whatever is not recorded may hold it as well), for another
 * thread's end, or for a child's. A lock that nobody has any more, as whoever took it is gone, is
 * one that is held for ever. Such a circle stands for ever, whatever other
 * threads do. Told from a scan alone; whoever finds one looks at the trace for the proof, which
 * also knows what a live page does not: locks given back by others, code that is not seen.
 *
 * What remains when, from all threads that wait so, one after the other is dropped whose wait
 * could still end: nothing, or circles and those behind them.
 * Source of the reduction: Holt, "Some Deadlock Properties of Computer Systems", 1972.
 */
#include "live/scan.h"

struct ct_cycles {
	size_t count;	      /* of the threads that are stuck */
	uint64_t fingerprint; /* of those; 0: there are none */
};

/* What the kernel said last, zeroed at first: of the same threads, in the same calls, it is not
 * asked at each scan. */
struct ct_cycles_asked {
	uint64_t fingerprint;
	struct ct_cycles answer;
	uint64_t at_ms;
};

/* `scan` was compared with one before. `asked` may be NULL. CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_cycles_find(const struct ct_scan *scan,
					    struct ct_cycles_asked *asked, struct ct_cycles *out);

#endif
