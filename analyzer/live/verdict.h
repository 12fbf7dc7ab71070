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
 * `whole`: nobody else runs; else only what stands whatever others do counts. NULL: there is none;
 * then the program waits, and may go on. Borrowed. */
const struct ct_finding *ct_verdict_find(const struct ct_findings *findings,
					 const struct ct_scan *scan, bool whole);

/* When the last thread of the finding began to wait, in clock ticks; 0: not known. */
uint64_t ct_verdict_since(const struct ct_finding *finding);

#endif
