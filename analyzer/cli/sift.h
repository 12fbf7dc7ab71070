#ifndef CT_CLI_SIFT_H
#define CT_CLI_SIFT_H
/*
 * What the user does not want to be told: --suppressions, --baseline; and --gen-suppressions, for
 * the rest. One for a command, whatever number of analyses it makes: each goes through it before it
 * is reported and before the exit status is decided.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct ct_analysis;
struct ct_output_options;
struct ct_sift;
struct ct_text;

/* Reads the files that the options name, which are borrowed. */
CT_MUST_CHECK enum ct_status ct_sift_new(const struct ct_output_options *options,
					 struct ct_error *error, struct ct_sift **out_sift);
void ct_sift_free(struct ct_sift *sift); /* after the analyses; NULL is nothing */

/* In all that follow, `sift` NULL hides nothing. */

/* Takes out of the findings what is not to be told. The same analysis may come again. */
CT_MUST_CHECK enum ct_status ct_sift_apply(struct ct_sift *sift, struct ct_analysis *analysis,
					   struct ct_error *error);

/* Suppressions that hid nothing in any analysis so far, and those that have expired: a line each.
 * Borrowed until the next call. `more`: other analyses follow, in which they may: none. */
CT_MUST_CHECK enum ct_status ct_sift_unused(struct ct_sift *sift, bool more,
					    const char *const **out_lines, size_t *out_count);

/* Appends the suppressions that --gen-suppressions wants for the findings that are left, each once
 * for all analyses; they go to a file or, without one, where the report goes. False: it is not
 * given. */
bool ct_sift_generate(struct ct_sift *sift, struct ct_analysis *analysis, struct ct_text *out);

#endif
