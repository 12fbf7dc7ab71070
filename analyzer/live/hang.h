#ifndef CT_LIVE_HANG_H
#define CT_LIVE_HANG_H
/*
 * Does the program look as if it hangs? Told from two scans, one after the other:
 *
 *   circle  some threads wait for each other for ever, whatever the others do (cycle.h)
 *   quiet   every recorded thread waits, and none of these waits ends by itself
 *
 * Neither is a verdict: whoever finds one looks at the trace then. If that does not say that it
 * hangs, the reason may pass (a timer, a process that has a pipe open): the same is looked at again
 * after a second, then after two, four ...
 */
#include <stdbool.h>
#include <stdint.h>

#include "live/cycle.h"
#include "live/scan.h"

struct ct_hang {
	struct ct_scan now, before;
	struct ct_cycles_asked asked;
	uint64_t circle, quiet; /* fingerprints of what was seen in `now`; 0: it was not */
	uint64_t judged_circle, judged_quiet; /* of what was judged last ... */
	uint64_t again_ms, pause_ms;	      /* ... which is judged again then, and then later */
	bool again;			      /* that time has come; see ct_hang_scan */
	uint64_t helped;		      /* a silence that something unrecorded may end ... */
	unsigned helped_scans;		      /* ... and for how many scans that is believed */
};

/* Scans `trace` once more and compares with the scan before. CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_hang_scan(struct ct_hang *hang, const char *trace);
void ct_hang_fini(struct ct_hang *hang);

/* Whether there is a circle, or a silence, that is to be judged. */
static inline bool ct_hang_new_circle(const struct ct_hang *hang)
{
	return hang->circle && (hang->again || hang->circle != hang->judged_circle);
}

static inline bool ct_hang_new_quiet(const struct ct_hang *hang)
{
	return hang->quiet && (hang->again || hang->quiet != hang->judged_quiet);
}

/* What is seen now is judged. */
void ct_hang_judged(struct ct_hang *hang);
/* What is seen next is judged, whatever was found out before. */
void ct_hang_afresh(struct ct_hang *hang);
/* It was found to hang: there is no need to judge the same again. */
void ct_hang_found(struct ct_hang *hang);

/* Whether the recorder runs in the program, as it says itself. */
struct ct_recorder_state {
	bool ready;	   /* it stands and records */
	uint32_t root_pid; /* process that began the trace */
	uint32_t clock;	   /* enum ct_clock */
	uint32_t given_up; /* processes that could not be recorded, or not to their end ... */
	uint32_t denied;   /* ... and those that became another user's, who may not open it */
	uint32_t left_out; /* programs left out: hooks/sanitizer.h of the recorder */
};

/* All zero when nobody has begun the trace. */
void ct_recorder_state(const char *trace, struct ct_recorder_state *out);

/* Now, in clock ticks of its trace. */
uint64_t ct_recorder_now(const struct ct_recorder_state *recorder);

#endif
