#ifndef CT_REPORT_TIMING_JSON_PARTS_H
#define CT_REPORT_TIMING_JSON_PARTS_H
/*
 * The long lists of timing_json.h. Private to timing_json*.c.
 */
#include <jansson.h>

struct ct_json;
struct ct_timing;
struct ct_usage;

/* Sets the keys that threads, processes and the whole have in common. */
void ct_timing_json_usage(struct ct_json *json, json_t *object, const struct ct_usage *usage);

json_t *ct_timing_json_processes(struct ct_json *json, const struct ct_timing *timing);
json_t *ct_timing_json_threads(struct ct_json *json, const struct ct_timing *timing);
json_t *ct_timing_json_locks(struct ct_json *json, const struct ct_timing *timing);

#endif
