/*
 * What stood in the memory of a race that was caught, as the source would write it.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "report/race_words.h"

/* Numbers as a program has them are small; others are pointers, or several in one. */
enum { SMALL = 1000000000 };

enum form { UNKNOWN, SIGNED, UNSIGNED, FLOATING };

/* By DWARF's name of the type; of a type that is called otherwise it is not known. */
static enum form form_of(const char *type)
{
	static const struct {
		const char *type;
		enum form form;
	} forms[] = {
		{"int", SIGNED},
		{"long", SIGNED},
		{"long int", SIGNED},
		{"long long", SIGNED},
		{"long long int", SIGNED},
		{"short", SIGNED},
		{"short int", SIGNED},
		{"signed char", SIGNED},
		{"char", SIGNED},
		{"unsigned int", UNSIGNED},
		{"unsigned long", UNSIGNED},
		{"long unsigned int", UNSIGNED},
		{"unsigned long long", UNSIGNED},
		{"long long unsigned int", UNSIGNED},
		{"unsigned short", UNSIGNED},
		{"short unsigned int", UNSIGNED},
		{"unsigned char", UNSIGNED},
		{"size_t", UNSIGNED},
		{"bool", UNSIGNED},
		{"_Bool", UNSIGNED},
		{"float", FLOATING},
		{"double", FLOATING},
	};

	if (!type)
		return UNKNOWN;
	if (strncmp(type, "volatile ", 9) == 0)
		type += 9;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strcmp(type, forms[i].type) == 0)
			return forms[i].form;
	return UNKNOWN;
}

static bool add_floating(struct ct_text *out, uint64_t value, uint32_t size)
{
	double number;
	float single;

	if (size == sizeof(single)) {
		uint32_t bits = (uint32_t)value;

		memcpy(&single, &bits, sizeof(single));
		number = (double)single;
	} else if (size == sizeof(number)) {
		memcpy(&number, &value, sizeof(number));
	} else {
		return false;
	}
	ct_text_addf(out, "%g", number);
	return true;
}

/* Of `size` bytes, 8 at most. */
static int64_t extend(uint64_t value, uint32_t size)
{
	uint64_t sign = UINT64_C(1) << (size * 8 - 1);

	return (int64_t)((value ^ sign) - sign);
}

static void add_value(struct ct_text *out, uint64_t value, uint32_t size, enum form form)
{
	if (size < sizeof(value))
		value &= (UINT64_C(1) << (size * 8)) - 1;
	if (form == FLOATING && add_floating(out, value, size))
		return;
	if (form == SIGNED && size <= sizeof(value))
		ct_text_addf(out, "%" PRId64, extend(value, size));
	else if (form == UNSIGNED || value < SMALL)
		ct_text_addf(out, "%" PRIu64, value);
	else
		ct_text_addf(out, "0x%" PRIx64, value);
}

/* Of all of the variable: a part of it is not of its type. */
static enum form form_of_side(const struct ct_named_memory *memory, const struct ct_race_side *side)
{
	bool whole = memory->data.name && !memory->is_guess && !memory->data.offset &&
		     memory->data.whole == side->size && memory->race->address == side->address;

	return whole ? form_of(memory->data.type) : UNKNOWN;
}

bool ct_race_add_values(struct ct_text *out, struct ct_naming *naming, const struct ct_race *race)
{
	const struct ct_race_side *held = &race->sides[race->held];
	struct ct_named_memory memory;
	enum form form;

	if (!race->caught || held->how != CT_CAUGHT_HELD || !held->size)
		return false;
	ct_named_memory_find(naming, race, &memory);
	form = form_of_side(&memory, held);
	add_value(out, held->before, held->size, form);
	if (held->before == held->after) {
		ct_text_addf(out, " all the time that %s was kept there",
			     ct_race_who(naming, held));
		return true;
	}
	ct_text_addf(out, " when %s came there, ", ct_race_who(naming, held));
	add_value(out, held->after, held->size, form);
	ct_text_add(out, " when it went on");
	return true;
}
