#include "grade/rubric_value.h"

#include <stddef.h>
#include <string.h>

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

bool ct_value_decimal(const char *text, uint64_t unit, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	bool fraction = false;

	if (!digit(*text))
		return false;
	for (; *text; text++) {
		if (*text == '.' && !fraction && digit(text[1])) {
			fraction = true;
			continue;
		}
		if (!digit(*text) || (fraction && unit == 1) || value > UINT64_MAX / 20)
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
		unit /= fraction ? 10 : 1;
	}
	if (value > max / unit)
		return false;
	*out = value * unit;
	return true;
}

bool ct_value_size(const char *text, uint64_t max, uint64_t *out)
{
	static const char units[] = "kKMG";
	static const int shifts[] = {10, 10, 20, 30};
	size_t length = strlen(text);
	const char *unit = length ? strchr(units, text[length - 1]) : NULL;
	char number[24];
	int shift = unit ? shifts[unit - units] : 0;
	uint64_t value;

	length -= unit != NULL;
	if (length >= sizeof(number))
		return false;
	memcpy(number, text, length);
	number[length] = '\0';
	if (!ct_value_decimal(number, 1, max >> shift, &value))
		return false;
	*out = value << shift;
	return true;
}

bool ct_value_flag(const char *text, bool *out)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(text, words[i]) == 0) {
			*out = i % 2;
			return true;
		}
	}
	return false;
}
