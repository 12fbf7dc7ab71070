#ifndef CT_LIVE_STOPPED_H
#define CT_LIVE_STOPPED_H
/*
 * Which recorded processes are stopped, by a signal or by a debugger, and were not so before.
 */
#include "live/scan.h"

struct ct_stopped {
	uint32_t *known; /* numbers of processes in the trace; owned */
	size_t count, cap;
};

/* Calls `tell` for each process of the scan that has been stopped since it was last asked: pid, and
 * whether a debugger holds it. CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_stopped_look(struct ct_stopped *stopped, const struct ct_scan *scan,
					     void (*tell)(void *context, uint32_t pid, bool traced),
					     void *context);
void ct_stopped_fini(struct ct_stopped *stopped);

#endif
