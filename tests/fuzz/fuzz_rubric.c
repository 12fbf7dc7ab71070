/* Rubrics of any text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grade/rubric.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ct_rule rule = {.id = "data-race"};
	static const struct ct_rule *const rules[] = {&rule, NULL};
	static const char *const uses[] = {"mutex", "condition variable", NULL};
	const struct ct_rubric_names names = {.rules = rules, .uses = uses};
	char *text = calloc(1, size + 1);
	struct ct_rubric rubric;
	struct ct_error error = {0};

	if (!text)
		return 0;
	memcpy(text, data, size);
	if (ct_rubric_parse(text, "no-such-folder/rubric.ini", &names, &error, &rubric) != CT_OK &&
	    !*error.text)
		__builtin_trap();
	ct_rubric_fini(&rubric);
	free(text);
	return 0;
}
