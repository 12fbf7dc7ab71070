#ifndef CT_REPORT_TIMING_WORDS_H
#define CT_REPORT_TIMING_WORDS_H
/*
 * What the reports of a timing have in common: sums that need no more than a loop, and names.
 */
#include <stdint.h>

#include "timing/timing.h"

struct ct_timing_sums {
	uint64_t pipe_bytes, socket_bytes;   /* that were written */
	uint64_t shared_bytes;		     /* the most that one process shared */
	uint64_t by_activity[CT_ACTIVITIES]; /* of workers; of all threads if there is none */
	uint64_t ready_ns;		     /* of the same, as far as it is known */
	uint64_t life_ns;		     /* of the same */
	uint64_t creation_ns; /* median of the workers'; CT_TIME_UNKNOWN: none is known */
};
struct ct_timing_sums ct_timing_sum(const struct ct_timing *timing);

/* Of the program that was recorded; borrowed. */
const char *ct_timing_command(const struct ct_timing *timing);
/* "bank" */
const char *ct_timing_program(const struct ct_timing *timing);

/* What was waited for: an object, a thread, a process; NULL: none in particular. */
const char *ct_timing_waited_for(const struct ct_timing *timing, const struct ct_blocked *blocked);

/* Said of a ct_blocked that is `unended`. */
#define CT_TIMING_UNENDED "still waiting at the end"

/* Share of a in b, at most 1: clocks differ. 0 if there is no b. */
double ct_timing_share(uint64_t a, uint64_t b);

/* "1.204 s", "20.5 ms", "-": in the unit that suits it. */
struct ct_text;
void ct_timing_add_time(struct ct_text *out, uint64_t time_ns);

#endif
