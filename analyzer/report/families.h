#ifndef CT_REPORT_FAMILIES_H
#define CT_REPORT_FAMILIES_H
/*
 * A run as a few tests, for those who grade programs: one for each family of rules, and one for how
 * the program ended.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "finding/finding.h"

struct ct_entries;
struct ct_json;
struct ct_report;

/* Tests are numbered as the families are; one more is how the program ended. */
enum { CT_FAMILY_END = CT_FAMILY_COUNT, CT_FAMILY_TESTS };

enum ct_family_verdict { CT_FAMILY_PASSED, CT_FAMILY_FAILED, CT_FAMILY_NOT_TESTED };

/* Findings of a family that are told in full; of the others the number. */
#define CT_FAMILY_DETAILS 20u

struct ct_family_result {
	const char *name;	 /* stable, lower case: "data-races" */
	const char *description; /* what is so if it passes: "no data races" */
	enum ct_family_verdict verdict;
	const char *rationale; /* why it does not pass, one sentence; else NULL; borrowed */
	const char *help;      /* what to do about that; or NULL; borrowed */
	struct ct_text log;    /* of all its findings, also those that fail nothing; may be empty */
};

/* Why rules of the family could not find anything in this record, or NULL. Static. */
const char *ct_family_untested(const struct ct_report *in, enum ct_family family);

/* Fills all CT_FAMILY_TESTS of them, which borrow from both. A log that has no memory fails as
 * texts do. */
void ct_families_make(const struct ct_report *in, const struct ct_entries *entries,
		      struct ct_family_result *results);
void ct_families_fini(struct ct_family_result *results);

/* Appends what `make` makes of them, a new value, as JSON. */
CT_MUST_CHECK enum ct_status ct_families_write(
	const struct ct_report *in, struct ct_text *out,
	json_t *(*make)(struct ct_json *json, const struct ct_report *in,
			const struct ct_entries *entries, const struct ct_family_result *results));

#endif
