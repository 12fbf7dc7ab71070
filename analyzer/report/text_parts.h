#ifndef CT_REPORT_TEXT_PARTS_H
#define CT_REPORT_TEXT_PARTS_H
/*
 * The parts of the text report. Private to report_text.c and its neighbours.
 */
#include <stdbool.h>
#include <stdint.h>

#include "finding/finding.h"
#include "report/reporter.h"

struct ct_text;
struct ct_trace;

/* Frames of one stack that are printed; the number of the others is told. */
#define CT_TEXT_FRAMES 12u
/* Threads that are listed as waiting. */
#define CT_TEXT_WAITING 8u
/* Threads that are drawn beside a circle. */
#define CT_TEXT_ARROWS 12u
/* Lines of one kind in the summary. */
#define CT_TEXT_SUMMARY_LINES 10u

/* One finding, whole: as in the report, from its verdict to its fix and an empty line. */
void ct_text_add_finding(struct ct_text *out, const struct ct_report *in,
			 const struct ct_finding *finding);
/* What its evidence means: "it happened in this run". Static. */
const char *ct_text_meaning(const struct ct_finding *finding);

/* A stack, one frame a line, with the source line of the frame to point at. */
void ct_text_add_stack(struct ct_text *out, const struct ct_report *in, uint32_t process,
		       uint32_t stack);

/* The steps of a cycle and the further places: who did what, and where. */
void ct_text_add_steps(struct ct_text *out, const struct ct_report *in,
		       const struct ct_finding *finding);

/* Two accesses to memory side by side, what that memory is, and why nothing orders them. */
void ct_text_add_race(struct ct_text *out, const struct ct_report *in,
		      const struct ct_finding *finding);

/* Who waits for whom, drawn; of what stands, else nothing. */
void ct_text_add_picture(struct ct_text *out, const struct ct_report *in,
			 const struct ct_finding *finding);

/* The schedule that leads to a prediction, a column per thread. */
void ct_text_add_witness(struct ct_text *out, const struct ct_report *in,
			 const struct ct_finding *finding);

/* What cannot happen and why, shortly. */
void ct_text_add_ruled_out(struct ct_text *out, const struct ct_report *in);

/* How many findings, of how much record, and what the record lacks. */
void ct_text_add_summary(struct ct_text *out, const struct ct_report *in);

/* What the trace lacks; nothing if it lacks none of it. Also for the report of times. */
void ct_text_add_lost(struct ct_text *out, uint64_t records, uint64_t threads, bool color);
void ct_text_add_unseen(struct ct_text *out, const struct ct_trace *trace, bool color);

/* Of a program that was ended while it waited, for no reason that was found: who waited for what.
 */
void ct_text_add_waiting(struct ct_text *out, const struct ct_report *in);

/* "1 lock", "2 locks" */
void ct_text_add_count(struct ct_text *out, uint64_t count, const char *noun);

#endif
