#ifndef CT_GRADE_SCRATCH_H
#define CT_GRADE_SCRATCH_H
/*
 * The folder in which a class is built and run. It is locked as long as its grader or one of the
 * workers lives, so that the next grader can tell what those left behind that were killed.
 */
#include "base/status.h"
#include "base/text.h"

struct ct_scratch {
	struct ct_text path;
	int lock; /* the folder, open; -1: none */
};

/* A new one, below $TMPDIR or /tmp; removes those of dead graders of the same user there. `out` is
 * to be released in any case. */
CT_MUST_CHECK enum ct_status ct_scratch_make(struct ct_scratch *out, struct ct_error *error);
/* Removes it with all that is in it. */
void ct_scratch_fini(struct ct_scratch *scratch);

#endif
