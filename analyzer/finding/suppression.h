#ifndef CT_FINDING_SUPPRESSION_H
#define CT_FINDING_SUPPRESSION_H
/*
 * Findings that the user knows of and does not want to be told: a file of rules and stack patterns,
 * each with the reason, and if wanted a day from which on it counts no more (docs/suppressions.md).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct ct_finding;
struct ct_findings;
struct ct_naming;
struct ct_rule;
struct ct_suppressions;
struct ct_symbols;
struct ct_text;

/* An empty set. `rules`: all that there are, NULL-terminated; borrowed. */
CT_MUST_CHECK enum ct_status ct_suppressions_new(const struct ct_rule *const *rules,
						 struct ct_suppressions **out_suppressions);
void ct_suppressions_free(struct ct_suppressions *suppressions); /* NULL is nothing */

/* Adds those of a file. CT_EFORMAT: the message has file and line; CT_EIO. `today`: days since
 * 1970-01-01, for those that expire. */
CT_MUST_CHECK enum ct_status ct_suppressions_read(struct ct_suppressions *suppressions,
						  const char *path, int64_t today,
						  struct ct_error *error);

/* Sets `hiding` and `hidden_by` of each of the findings that one of them matches; counts its use.
 * The findings borrow from the set. `symbols` and `naming` may be NULL. */
CT_MUST_CHECK enum ct_status ct_suppressions_apply(struct ct_suppressions *suppressions,
						   struct ct_findings *findings,
						   struct ct_symbols *symbols,
						   struct ct_naming *naming);

/* Those that hid nothing so far, and those that have expired: a line each, as "FILE:LINE: ...".
 * Borrowed from the set until the next call. */
CT_MUST_CHECK enum ct_status ct_suppressions_unused(struct ct_suppressions *suppressions,
						    const char *const **out_lines,
						    size_t *out_count);

/* Appends one that hides this finding and what is like it, ready to be edited. */
void ct_suppression_generate(struct ct_text *out, const struct ct_finding *finding,
			     const char *headline, struct ct_symbols *symbols,
			     struct ct_naming *naming);

#endif
