#ifndef CT_REPORT_JSON_H
#define CT_REPORT_JSON_H
/*
 * Building JSON without a check at every call: failure is sticky, as in base/text.h.
 * Values that are set or appended belong to their container from then on, also on failure.
 */
#include <jansson.h>
#include <stdbool.h>

struct ct_json {
	bool failed; /* out of memory */
};

json_t *ct_json_object(struct ct_json *json);
json_t *ct_json_array(struct ct_json *json);
/* Any bytes: what is not UTF-8 becomes U+FFFD. */
json_t *ct_json_string(struct ct_json *json, const char *text);
json_t *ct_json_integer(struct ct_json *json, json_int_t number);

void ct_json_set(struct ct_json *json, json_t *object, const char *key, json_t *value);
/* Nothing is set for a NULL text. */
void ct_json_set_string(struct ct_json *json, json_t *object, const char *key, const char *text);
void ct_json_append(struct ct_json *json, json_t *array, json_t *value);

/* {"text": text}: SARIF's message and multiformatMessageString */
json_t *ct_json_message(struct ct_json *json, const char *text);

#endif
