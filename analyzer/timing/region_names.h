#ifndef CT_TIMING_REGION_NAMES_H
#define CT_TIMING_REGION_NAMES_H
/*
 * What the program calls the regions that it tells by conctrace.h. An address may have one name
 * after the other.
 */
#include "base/status.h"
#include "model/model.h"

struct ct_region_names;
/* The trace outlives them. */
CT_MUST_CHECK enum ct_status ct_region_names_new(const struct ct_trace *trace,
						 struct ct_region_names **out_names);
void ct_region_names_free(struct ct_region_names *names);

/* Of a step that begins a region; the trace's string, or "region" if it has none. */
const char *ct_region_name(const struct ct_region_names *names, const struct ct_step *step);

#endif
