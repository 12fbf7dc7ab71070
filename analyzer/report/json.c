#include "report/json.h"

#include <string.h>

#include "base/text.h"

static json_t *checked(struct ct_json *json, json_t *value)
{
	if (!value)
		json->failed = true;
	return value;
}

json_t *ct_json_object(struct ct_json *json)
{
	return checked(json, json_object());
}

json_t *ct_json_array(struct ct_json *json)
{
	return checked(json, json_array());
}

json_t *ct_json_string(struct ct_json *json, const char *text)
{
	json_t *value = NULL;
	struct ct_text clean;

	ct_text_init(&clean);
	ct_text_utf8(&clean, text, strlen(text));
	if (ct_text_status(&clean) == CT_OK)
		value = json_stringn_nocheck(ct_text_str(&clean), clean.len);
	ct_text_fini(&clean);
	return checked(json, value);
}

json_t *ct_json_integer(struct ct_json *json, json_int_t number)
{
	return checked(json, json_integer(number));
}

void ct_json_set(struct ct_json *json, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, value) != 0)
		json->failed = true;
}

void ct_json_set_string(struct ct_json *json, json_t *object, const char *key, const char *text)
{
	if (text)
		ct_json_set(json, object, key, ct_json_string(json, text));
}

void ct_json_append(struct ct_json *json, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		json->failed = true;
}

json_t *ct_json_message(struct ct_json *json, const char *text)
{
	json_t *message = ct_json_object(json);

	ct_json_set_string(json, message, "text", text);
	return message;
}
