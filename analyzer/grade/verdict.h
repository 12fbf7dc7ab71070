#ifndef CT_GRADE_VERDICT_H
#define CT_GRADE_VERDICT_H
/*
 * What is said of a submission, from best to worst: of several runs the worst counts.
 */
#include <stdbool.h>

enum ct_verdict {
	CT_VERDICT_CLEAN,
	CT_VERDICT_SLOW,   /* the time ran out, but it did not hang */
	CT_VERDICT_FAILED, /* crash, wrong output or exit status, a limit */
	CT_VERDICT_FINDING,
	CT_VERDICT_DEADLOCKED, /* it hung, of whatever cause */
	CT_VERDICT_NO_BUILD,
	CT_VERDICT_ERROR, /* of the machine or ours: says nothing of the submission */
};
enum { CT_VERDICT_COUNT = CT_VERDICT_ERROR + 1 };

/* "clean", "does not build"; static. */
const char *ct_verdict_word(enum ct_verdict verdict);
bool ct_verdict_parse(const char *word, enum ct_verdict *out);

#endif
