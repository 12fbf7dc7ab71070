#ifndef CT_TIMING_PARTS_H
#define CT_TIMING_PARTS_H
/*
 * The parts that timing.c puts together: each watches the spans and fills its piece of the result.
 * Private to timing/ and its tests.
 *
 * Of each: new, a sink for ct_spans_new, finish once all was seen, free. `finish` writes its own
 * fields of `timing` only, and may read those of the parts above it. free after finish leaves the
 * result alone: what it owns is ct_timing_free's.
 */
#include "timing/timing.h"

#define CT_TIMING_PART(name)                                                                       \
	struct ct_part_##name;                                                                     \
	CT_MUST_CHECK enum ct_status ct_part_##name##_new(struct ct_timing *timing,                \
							  struct ct_part_##name **out_part);       \
	struct ct_span_sink ct_part_##name##_sink(struct ct_part_##name *part);                    \
	CT_MUST_CHECK enum ct_status ct_part_##name##_finish(struct ct_part_##name *part,          \
							     struct ct_timing *timing);            \
	void ct_part_##name##_free(struct ct_part_##name *part)

CT_TIMING_PART(usage);	     /* threads and processes: lives, activities, resources, bytes */
CT_TIMING_PART(parallelism); /* parallelism */
CT_TIMING_PART(locks);	     /* locks */
CT_TIMING_PART(critical);    /* critical, locks[].critical_ns */
CT_TIMING_PART(interpreter); /* interpreters; relabels blocked and by_activity, folds locks */
CT_TIMING_PART(lanes);	     /* lanes; only if they are asked for */
#undef CT_TIMING_PART

/* After all parts: mode, workers, bounds (bound.c), then advice (advice.c). */
void ct_timing_classify(struct ct_timing *timing);
CT_MUST_CHECK enum ct_status ct_timing_advise(struct ct_timing *timing);

#endif
