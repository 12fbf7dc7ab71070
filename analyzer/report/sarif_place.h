#ifndef CT_REPORT_SARIF_PLACE_H
#define CT_REPORT_SARIF_PLACE_H
/*
 * SARIF locations: what the places of a finding become. Private to report_sarif.c.
 */
#include "finding/finding.h"
#include "report/reporter.h"
#include "report/sarif_json.h"

#define CT_SARIF_BASE "SRCROOT" /* what relative paths start from */

struct ct_text;

struct ct_sarif {
	struct ct_json json;
	const struct ct_report *in;
};

/* Which part of a finding a place is. */
enum ct_sarif_role { CT_SARIF_HELD, CT_SARIF_WANTED, CT_SARIF_ACCESS, CT_SARIF_FURTHER };

struct ct_sarif_place {
	enum ct_sarif_role role;
	const struct ct_thread *thread;	     /* NULL: none */
	const struct ct_step_of_cycle *step; /* of HELD and WANTED */
	const struct ct_place *place;
	const struct ct_race_side *side; /* of ACCESS */
};

/* The places of a finding in the order to be read: by step, the accesses of a race, the further
 * ones. A step that holds nothing has no HELD place. */
size_t ct_sarif_place_count(const struct ct_finding *finding);
struct ct_sarif_place ct_sarif_place(const struct ct_finding *finding, size_t index);

/* A location object; `id` 0: none is set. */
json_t *ct_sarif_location(struct ct_sarif *sarif, const struct ct_sarif_place *place, int id);
/* What a thread does on the way to a prediction. */
json_t *ct_sarif_witness(struct ct_sarif *sarif, const struct ct_witness_event *event);

/* "file:///home/me/demo/" */
json_t *ct_sarif_folder_uri(struct ct_sarif *sarif, const char *path);

#endif
