#ifndef CT_CLI_ATTEMPT_H
#define CT_CLI_ATTEMPT_H
/*
 * One run of a recorded program that is steered to a deadlock.
 */
#include <stdbool.h>
#include <stdint.h>

#include "live/pattern.h"
#include "live/steered.h"

struct ct_analysis;
struct ct_start;
struct ct_text;

struct ct_attempt {
	/* What is to be done. */
	const struct ct_start *start;
	const struct ct_pattern *pattern;
	const struct ct_pattern_way *way;
	uint64_t seed;
	const char *folder; /* of its trace; what is in it is replaced */
	uint64_t timeout_ms;
	bool shown; /* what the program prints is */

	/* What came of it. */
	bool stands;	/* it deadlocked as it was to */
	bool refused;	/* the kernel broke it; it stands only if the program failed then */
	bool timed_out; /* by timeout_ms */
	bool hung;	/* in another way */
	bool steered;	/* `steer` is known */
	struct ct_steer steer;
	double seconds;
};

/* 0, or the exit status of what failed, which was said. */
int ct_attempt_make(struct ct_attempt *attempt);

enum ct_steered_progress ct_attempt_progress(const struct ct_attempt *attempt);

/* Adds why it did not deadlock: a phrase. */
void ct_attempt_tell(const struct ct_attempt *attempt, const struct ct_finding *finding,
		     struct ct_analysis *analysis, struct ct_text *out);

#endif
