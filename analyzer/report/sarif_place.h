#ifndef CT_REPORT_SARIF_PLACE_H
#define CT_REPORT_SARIF_PLACE_H
/*
 * SARIF locations: what the places of a finding become. Private to report_sarif.c.
 */
#include "report/reporter.h"
#include "report/finding_place.h"
#include "report/json.h"

#define CT_SARIF_BASE "SRCROOT" /* what relative paths start from */

struct ct_sarif {
	struct ct_json json;
	const struct ct_report *in;
};

/* A location object; `id` 0: none is set. */
json_t *ct_sarif_location(struct ct_sarif *sarif, const struct ct_finding_place *place, int id);
/* What a thread does on the way to a prediction. */
json_t *ct_sarif_witness(struct ct_sarif *sarif, const struct ct_witness_event *event);

/* "file:///home/me/demo/" */
json_t *ct_sarif_folder_uri(struct ct_sarif *sarif, const char *path);

#endif
