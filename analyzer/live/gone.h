#ifndef CT_LIVE_GONE_H
#define CT_LIVE_GONE_H
/*
 * Processes that ended without a word: killed, and perhaps not yet waited for. Their pages stay,
 * and what they recorded does not say that they ended.
 */
#include <stddef.h>
#include <stdint.h>

#include "live/scan.h"

struct ct_trace;

struct ct_gone {
	uint32_t *processes; /* numbers in the trace; owned */
	size_t count;
};

/* Of those in the scan. To be called before the trace is read: then all that they did is in it. */
CT_MUST_CHECK enum ct_status ct_gone_find(const struct ct_scan *scan, struct ct_gone *out);
/* Tells the trace that they ended. */
void ct_gone_tell(const struct ct_gone *gone, struct ct_trace *trace);
void ct_gone_fini(struct ct_gone *gone);

#endif
