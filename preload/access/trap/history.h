#ifndef CT_ACCESS_TRAP_HISTORY_H
#define CT_ACCESS_TRAP_HISTORY_H
/*
 * Who has touched memory before, as far as traps saw it: where to hold a thread is of most use. It
 * proves nothing, and accuses nobody. Memory of several processes counts as touched by several
 * threads: what others do there is not seen. A table of bounded size, which forgets.
 * Async-signal-safe.
 */
#include <stdint.h>

#include "format/ct_live.h"

enum ct_history {
	CT_HISTORY_NEW,	   /* nobody that is known of */
	CT_HISTORY_GIVEN,  /* only others, before this thread began */
	CT_HISTORY_OWN,	   /* only the same thread */
	CT_HISTORY_LOCKED, /* several threads, all with the same lock, since there were two */
	CT_HISTORY_SHARED, /* several threads, and no lock that all of them had */
};

/* Notes an access, of a thread whose live page is given; only `space`, `start` and `tid` of it are
 * looked at. `threads_begun`: the number that the process' newest thread has. */
enum ct_history ct_history_note(const struct ct_held_access *access, const struct ct_live *live,
				uint32_t threads_begun);

#endif
