#ifndef CT_REPORT_TIMING_JSON_H
#define CT_REPORT_TIMING_JSON_H
/*
 * A timing as JSON: docs/timing.md lists the keys. Times are seconds; null is unknown.
 */
#include <jansson.h>
#include <stdint.h>

#include "base/status.h"

struct ct_json;
struct ct_text;
struct ct_timing;

/* `path`: of the trace, as it was named. */
CT_MUST_CHECK enum ct_status ct_timing_json(const struct ct_timing *timing, const char *path,
					    struct ct_text *out);

/* The same as a value, for who puts several together. */
json_t *ct_timing_json_object(struct ct_json *json, const struct ct_timing *timing,
			      const char *path);

/* null for CT_TIME_UNKNOWN */
json_t *ct_timing_json_seconds(struct ct_json *json, uint64_t time_ns);
json_t *ct_timing_json_count(struct ct_json *json, uint64_t count);
/* null for what is not finite */
json_t *ct_timing_json_real(struct ct_json *json, double number);

/* Appends `root`, which is then no more, and a newline. */
CT_MUST_CHECK enum ct_status ct_timing_json_dump(const struct ct_json *json, json_t *root,
						 struct ct_text *out);

#endif
