#ifndef CT_REPORT_SARIF_FLOW_H
#define CT_REPORT_SARIF_FLOW_H
/*
 * SARIF code flows: what each thread of a finding did, and the schedule that leads to a prediction.
 * Private to sarif_result.c.
 */
#include <jansson.h>
#include <stddef.h>

#include "report/finding_place.h"

struct ct_sarif;

/* `places` are those of the finding, or the first of them. Nothing is set where no thread is known.
 */
void ct_sarif_set_flows(struct ct_sarif *sarif, json_t *result, const struct ct_finding *finding,
			const struct ct_finding_place *places, size_t count);

#endif
