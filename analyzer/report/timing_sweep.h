#ifndef CT_REPORT_TIMING_SWEEP_H
#define CT_REPORT_TIMING_SWEEP_H
/*
 * What `conctrace timing --sweep` has measured: as a table, as JSON and as a picture.
 */
#include "base/status.h"

struct ct_scaling;
struct ct_text;

CT_MUST_CHECK enum ct_status ct_timing_sweep_text(const struct ct_scaling *scaling,
						  struct ct_text *out);
/* docs/timing.md lists the keys. */
CT_MUST_CHECK enum ct_status ct_timing_sweep_json(const struct ct_scaling *scaling,
						  struct ct_text *out);
/* SVG: speed-up over workers, or time over size. */
CT_MUST_CHECK enum ct_status ct_timing_sweep_picture(const struct ct_scaling *scaling,
						     struct ct_text *out);

#endif
