#ifndef CT_LIVE_OUTSIDE_H
#define CT_LIVE_OUTSIDE_H
/*
 * What lives beside the recorded threads and could wake them: threads of their processes that have
 * no live page, the kernel where they gave it something to do, and processes below theirs that are
 * not recorded.
 */
#include <stdbool.h>

#include "live/proc.h"
#include "live/scan.h"

/* Whether there is any, or it cannot be known. */
bool ct_outside_lives(const struct ct_scan *scan);

/* Whether a thread of the process is not in the scan. */
bool ct_outside_has_threads(const struct ct_scan *scan, uint32_t pid);

/* Calls `is_it` with each living process of the machine that is not in the scan, until it says so:
 * true. Also true if they cannot be listed. */
bool ct_outside_any(const struct ct_scan *scan,
		    bool (*is_it)(void *context, const struct ct_proc *proc), void *context);

#endif
