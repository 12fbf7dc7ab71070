#ifndef CT_REPORT_FINDING_PLACE_H
#define CT_REPORT_FINDING_PLACE_H
/*
 * All places of a finding, in the order to be read, whatever it is a finding of.
 */
#include <stddef.h>

#include "finding/finding.h"

struct ct_report;
struct ct_text;

/* Which part of a finding a place is. */
enum ct_place_role { CT_PLACE_HELD, CT_PLACE_WANTED, CT_PLACE_ACCESS, CT_PLACE_FURTHER };

struct ct_finding_place {
	enum ct_place_role role;
	const struct ct_thread *thread;	     /* NULL: none */
	const struct ct_step_of_cycle *step; /* of HELD and WANTED */
	const struct ct_place *place;
	const struct ct_race_side *side; /* of ACCESS */
};

/* By step, the accesses of a race, the further ones. A step that holds nothing has no HELD place.
 */
size_t ct_finding_place_count(const struct ct_finding *finding);
struct ct_finding_place ct_finding_place(const struct ct_finding *finding, size_t index);

/* Which of them an editor opens: the first request whose source is known, else the first place that
 * has one, else the first (also if there is none). */
size_t ct_finding_place_main(const struct ct_report *in, const struct ct_finding *finding);

/* "T1 locks `b`" */
void ct_finding_place_text(struct ct_text *out, const struct ct_report *in,
			   const struct ct_finding_place *place);

#endif
