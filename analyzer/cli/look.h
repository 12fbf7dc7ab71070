#ifndef CT_CLI_LOOK_H
#define CT_CLI_LOOK_H
/*
 * A look at the trace of a program that runs: does it hang, and why?
 */
#include <stdbool.h>

#include "cli/analysis.h"
#include "live/hang.h"

struct ct_sift;
struct ct_text;

struct ct_look {
	struct ct_analysis *analysis;	  /* owned */
	const struct ct_finding *finding; /* why it hangs; NULL: it does not, as far as is known */
	bool whole;			  /* nobody else runs ... */
	bool surely;			  /* ... or would if a signal came that it handles */
	double seconds;			  /* since the hang began; below 0: not known */
};

/* `hang` was scanned before; it is scanned again when the trace was read, so that what stood in
 * between did not move meanwhile. NULL: the program is dead. Of a large trace the last part is
 * read, which tells who owns what; all of it only where that does not explain a silence. CT_EINTR
 * when `unwanted`, if it is not NULL, becomes true meanwhile. What
 * `sift` hides is none: NULL hides nothing. */
CT_MUST_CHECK enum ct_status ct_look_at(const char *trace, struct ct_hang *hang,
					struct ct_sift *sift, const atomic_bool *unwanted,
					struct ct_error *error, struct ct_look *out);
void ct_look_drop(struct ct_look *look);

/* "the program hangs" */
const char *ct_look_verdict(const struct ct_look *look);
/* "main waits for T2, which ...", and `timed`: " (found 0.41 s after it began)" */
void ct_look_tell(const struct ct_look *look, bool timed, struct ct_text *out);

#endif
