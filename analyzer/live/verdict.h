#ifndef CT_LIVE_VERDICT_H
#define CT_LIVE_VERDICT_H
/*
 * Which finding, if any, says why the program hangs right now.
 */
#include "finding/finding.h"
#include "live/scan.h"

/* A finding of the deadlock family that was observed, and whose threads have not moved: they still
 * are in the waits it speaks of, according to `scan`, which was compared with one from before the
 * trace was read. `scan` NULL: of a program that is dead, whose last state does not change.
 * `whole`: nobody else runs; else only what stands whatever others do counts. One that a signal
 * could end is taken if there is no other. NULL: there is none; then the program waits, and may go
 * on. Borrowed. */
const struct ct_finding *ct_verdict_find(const struct ct_findings *findings,
					 const struct ct_scan *scan, bool whole);

/* Of a program that was ended from outside: whether some thread of the finding was in its wait up
 * to then, according to a scan of what is left. The end of one may have woken others. */
bool ct_verdict_stood(const struct ct_finding *finding, const struct ct_scan *end);

/* Of one that ended by itself: whether all its threads were, in the model of its whole trace. */
bool ct_verdict_stayed(const struct ct_finding *finding, const struct ct_model *model);

/* The one among `findings` of `model` that says the same of the same threads, which still are in
 * the same waits there, or NULL. Borrowed. */
const struct ct_finding *ct_verdict_again(const struct ct_finding *finding,
					  const struct ct_findings *findings,
					  const struct ct_model *model);

/* When the last thread of the finding began to wait, in clock ticks; 0: not known. */
uint64_t ct_verdict_since(const struct ct_finding *finding);

#endif
