#ifndef CT_GRADE_SUBMISSION_CLEAN_H
#define CT_GRADE_SUBMISSION_CLEAN_H
/*
 * The copy of a submission, made fit to be built: what is graded has to come from the source.
 */
#include "base/status.h"

/* Where all that is in `folder` lies in one folder of it, as archives are often unpacked, that
 * takes its place. `spare`: a name beside it that is free. CT_EWRITE. */
CT_MUST_CHECK enum ct_status ct_submission_unwrap(const char *folder, const char *spare,
						  struct ct_error *error);

/* Removes what a build makes: object files, libraries, programs (ELF), and `program`, a path below
 * `folder`, whatever it is. CT_EWRITE. */
CT_MUST_CHECK enum ct_status ct_submission_remove_built(const char *folder, const char *program,
							struct ct_error *error);

#endif
