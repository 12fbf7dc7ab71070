#ifndef CT_REPORT_WORDS_H
#define CT_REPORT_WORDS_H
/*
 * How steps of a finding are put into words, the same in all reports. What comes from the program
 * is made fit for a terminal.
 */
#include <stdbool.h>
#include <stddef.h>

#include "finding/finding.h"

struct ct_naming;
struct ct_text;
struct ct_model;
struct ct_trace;
struct ct_wait;

/* `M1` */
void ct_words_object(struct ct_text *out, struct ct_naming *naming, const struct ct_object *object);

/* `M1` (mutex initialised at bank.c:31); of an object that has a name: that alone */
void ct_words_object_in_full(struct ct_text *out, struct ct_naming *naming,
			     const struct ct_object *object);

/* "locks `M1`", "joins T2" */
void ct_words_want(struct ct_text *out, struct ct_naming *naming,
		   const struct ct_step_of_cycle *step);
const char *ct_words_verb(const struct ct_step_of_cycle *step);

/* "joins", "waits to lock": what a thread that waits does to what it waits for. */
const char *ct_words_wait(const struct ct_wait *wait);

/* The whole: "waits for the lock on `data` bytes 0-99", "waits in poll for `P1`, `P2`, for a
 * limited time", "sleeps". */
void ct_words_waiting(struct ct_text *out, struct ct_naming *naming, const struct ct_wait *wait);

/* "no hang could be proved: there is T2, which sleeps", and the end of the line. */
void ct_words_unproved(struct ct_text *out, struct ct_naming *naming, const struct ct_model *model);

/* Of a record that has not all accesses to memory. */
#define CT_WORDS_SAMPLED                                                                           \
	"accesses to memory were sampled, as they were too many: races may be missed; "            \
	"conctrace run --access-quota=0 --max-trace=0 records all of them"
#define CT_WORDS_SOME_ACCESSES                                                                     \
	"some of the code was not compiled by conctrace cc, or records were lost: races may be "   \
	"missed"

/* "deadlock, lock-order problem or misuse found": what there is none of. Misuse is not told of
 * every trace. Static. */
const char *ct_words_nothing(const struct ct_trace *trace);

/* "calls of libfoo.so are not seen: it was loaded with RTLD_DEEPBIND", of trace->unseen[index].
 * False and nothing if an earlier one, of another process, says the same. */
bool ct_words_unseen(struct ct_text *out, const struct ct_trace *trace, size_t index);

/* What to do about it; nothing where the rule's help would speak of places that there are none of.
 */
void ct_words_fix(struct ct_text *out, struct ct_naming *naming, const struct ct_finding *finding);

/* Why it is not told: "suppressed", "known from the baseline", "found before". */
const char *ct_words_hiding(enum ct_hiding hiding);

/* The sentence that tells a finding, and that why a pattern was ruled out. */
void ct_words_headline(struct ct_text *out, struct ct_naming *naming,
		       const struct ct_finding *finding);
void ct_words_ruled_out(struct ct_text *out, struct ct_naming *naming,
			const struct ct_finding *finding);

#endif
