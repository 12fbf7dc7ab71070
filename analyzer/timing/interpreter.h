#ifndef CT_TIMING_INTERPRETER_H
#define CT_TIMING_INTERPRETER_H
/*
 * Interpreter locks: one lock of a process that its threads take and give back in turns, around
 * all that blocks. While one has it, the others do not run. How such a lock is recognised:
 * monitors.h. If the calls come from a known interpreter (interpreters.def), all waits for it and
 * for what it is made of are told as one; a lock that a program made in this way for itself is
 * listed as what it is, and nothing else is changed.
 */
#include "base/status.h"
#include "base/text.h"
#include "timing/timing.h"

/* Fills in who waited for it, and whether it is the reason that threads did not run at once. After
 * the waits were relabelled. */
void ct_interpreter_judge(struct ct_interpreter *interpreter, const struct ct_timing *timing);

/* One sentence: who ran one at a time because of it, and who did not wait for it. */
CT_MUST_CHECK enum ct_status ct_interpreter_sentence(const struct ct_interpreter *interpreter,
						     const struct ct_timing *timing,
						     struct ct_text *out);

#endif
