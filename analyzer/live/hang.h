#ifndef CT_LIVE_HANG_H
#define CT_LIVE_HANG_H
/*
 * Is the program quiet: does every recorded thread sit in the same blocking call as a moment ago?
 * Those whose call ends by itself (a sleep, a time limit) may come and go: they are part of no
 * deadlock, and need only not be running at the moment of looking.
 *
 * Told from the live pages alone, without stopping or asking the program. Quiet is no verdict: a
 * server that waits for work is quiet too. Whoever asks looks at the trace then, once per silence.
 */
#include <stdbool.h>
#include <stdint.h>

struct ct_hang {
	uint64_t seen;	 /* fingerprint of the last scan if all was quiet in it, else 0 */
	uint64_t judged; /* of the last silence that was reported */
};

/* True when the program was quiet in this scan and the one before, without a step in between, and
 * that silence has not been reported yet. `trace` is the trace folder. */
bool ct_hang_scan(struct ct_hang *hang, const char *trace);

/* After the trace was looked at: whether the silence that was reported still stands, so that what
 * was read of one thread goes with what was read of another. If not, it may be reported again. */
bool ct_hang_lasts(struct ct_hang *hang, const char *trace);

/* Whether the recorder runs in the program, as it says itself. */
struct ct_recorder_state {
	bool ready;	   /* it stands and records */
	uint32_t root_pid; /* process that began the trace */
	uint32_t given_up; /* processes that could not be recorded, or not to their end */
};

/* All zero when nobody has begun the trace. */
void ct_recorder_state(const char *trace, struct ct_recorder_state *out);

#endif
