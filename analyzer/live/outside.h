#ifndef CT_LIVE_OUTSIDE_H
#define CT_LIVE_OUTSIDE_H
/*
 * What lives beside the recorded threads and could wake them: threads of their processes that have
 * no live page, and processes below theirs that are not recorded.
 */
#include <stdbool.h>

#include "live/scan.h"

/* Whether there is any, or it cannot be known. */
bool ct_outside_lives(const struct ct_scan *scan);

/* Whether a process that is not in the scan has the pipe, FIFO or socket open. Those of other users
 * cannot be looked into. */
bool ct_outside_holds(const struct ct_scan *scan, uint64_t inode);

#endif
