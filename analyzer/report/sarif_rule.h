#ifndef CT_REPORT_SARIF_RULE_H
#define CT_REPORT_SARIF_RULE_H
/*
 * The rules of a SARIF run: all that were looked for, found or not, so that the reports of two
 * programs have the same ones. Private to report_sarif.c and its neighbours.
 */
#include <jansson.h>
#include <stddef.h>

#include "finding/finding.h"

struct ct_report;
struct ct_sarif;

struct ct_sarif_rules {
	const struct ct_rule **items; /* owned array */
	size_t count, cap;
};

/* CT_ENOMEM: nothing is left behind. */
CT_MUST_CHECK enum ct_status ct_sarif_rules_make(const struct ct_report *in,
						 struct ct_sarif_rules *out);
void ct_sarif_rules_fini(struct ct_sarif_rules *rules);
/* Of a rule that is among them. */
size_t ct_sarif_rule_index(const struct ct_sarif_rules *rules, const struct ct_rule *rule);

json_t *ct_sarif_rule(struct ct_sarif *sarif, const struct ct_rule *rule);

/* enum ct_severity in SARIF's words. */
const char *ct_sarif_level(enum ct_severity severity);

#endif
