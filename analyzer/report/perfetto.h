#ifndef CT_REPORT_PERFETTO_H
#define CT_REPORT_PERFETTO_H
/*
 * A trace as a time line for the Perfetto UI and chrome://tracing.
 *
 * Each thread is a track of slices: it runs, it waits for something. An arrow leads from what ended
 * a wait to its end. Locks that are held, and regions that the program names, are asynchronous
 * slices, as they need not nest. A counter says how many threads run. Written as it is read: memory
 * does not grow with the trace. Source: "Trace Event Format" of the Chromium project.
 */
#include <stddef.h>

#include "base/status.h"
#include "model/model.h"
#include "model/names.h"
#include "timing/span.h"

/* Takes the next piece of the file; a failure ends the export. */
struct ct_perfetto_out {
	void *state;
	enum ct_status (*write)(void *state, const char *text, size_t length);
};

struct ct_perfetto;
/* `model` and `naming` are borrowed; `out` is copied. */
CT_MUST_CHECK enum ct_status ct_perfetto_new(const struct ct_model *model, struct ct_naming *naming,
					     const struct ct_perfetto_out *out,
					     struct ct_perfetto **out_perfetto);
struct ct_span_sink ct_perfetto_sink(struct ct_perfetto *perfetto);
/* The end of the file, after the last span. */
CT_MUST_CHECK enum ct_status ct_perfetto_finish(struct ct_perfetto *perfetto);
void ct_perfetto_free(struct ct_perfetto *perfetto);

#endif
