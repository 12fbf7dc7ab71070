#ifndef CT_REPORT_SARIF_PLACE_H
#define CT_REPORT_SARIF_PLACE_H
/*
 * SARIF locations: what the places of a finding become. Private to report_sarif.c and its
 * neighbours.
 *
 * Code hosts show a result only if it has a file and a line. Where the source is not known, the
 * program's binary stands for it, line 1.
 */
#include "report/finding_place.h"
#include "report/json.h"
#include "report/reporter.h"

#define CT_SARIF_BASE "SRCROOT" /* what relative paths start from */

/* What GitHub's code scanning takes at most: it refuses a file that has more. It counts bytes after
 * gzip, 10 MB. Each name of the program's stands several times in a result, so that even names
 * which are random come to less than a fifth: measured, 5,000 races with names of 200 random bytes.
 */
#define CT_SARIF_RUNS 20u
#define CT_SARIF_BYTES ((size_t)40 << 20)
#define CT_SARIF_RESULTS 25000u	       /* of a run */
#define CT_SARIF_LOCATIONS 1000u       /* of a result */
#define CT_SARIF_FLOW_LOCATIONS 10000u /* of a result, in all its thread flows */

struct ct_sarif {
	struct ct_json json;
	const struct ct_report *in;
	size_t flow_left; /* flow locations that the result may still have */
	bool cut;	  /* the result had more places than are listed */
};

/* {"text": text}, in which nothing that comes from the program is a link or a placeholder. */
json_t *ct_sarif_message(struct ct_sarif *sarif, const char *text);

/* A location object; `id` 0: none is set. */
json_t *ct_sarif_location(struct ct_sarif *sarif, const struct ct_finding_place *place, int id);
/* What a thread does on the way to a prediction. */
json_t *ct_sarif_witness(struct ct_sarif *sarif, const struct ct_witness_event *event);
/* The program as a location, of a finding without places. */
json_t *ct_sarif_program(struct ct_sarif *sarif);

/* {"uri": "file:///home/me/demo/"} */
json_t *ct_sarif_folder(struct ct_sarif *sarif, const char *path);

#endif
