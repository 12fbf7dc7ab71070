#ifndef CT_REPORT_JSON_FINDING_H
#define CT_REPORT_JSON_FINDING_H
/*
 * A finding in our own JSON: docs/json.md. Private to report_json.c.
 */
#include "report/json.h"

struct ct_entry;
struct ct_finding;
struct ct_report;

/* Innermost frames of a stack that are listed; the number of the others is told. */
#define CT_JSON_FRAMES 32u
/* Places of a finding that are listed; the same. */
#define CT_JSON_PLACES 1000u

json_t *ct_json_finding(struct ct_json *json, const struct ct_report *in,
			const struct ct_entry *entry);
/* One that is not told: what it is, and why it is not told. */
json_t *ct_json_hidden(struct ct_json *json, const struct ct_report *in,
		       const struct ct_finding *finding);

#endif
