#include "reader/layout.h"

#include <assert.h>
#include <string.h>

static const char *const texts[CT_LAYOUT_COUNT] = {
#define PAYLOAD(NAME, FIXED, ELEMENT, fields) fields,
#include "format/payloads.def"
#undef PAYLOAD
};

static const struct {
	const char *name;
	enum ct_field_kind kind;
	uint8_t size;
} types[] = {
	{"uint8_t", CT_FIELD_NUMBER, 1},  {"uint16_t", CT_FIELD_NUMBER, 2},
	{"uint32_t", CT_FIELD_NUMBER, 4}, {"uint48_t", CT_FIELD_ADDRESS, 6},
	{"uint64_t", CT_FIELD_NUMBER, 8}, {"addr_t", CT_FIELD_ADDRESS, 8},
	{"string", CT_FIELD_STRING, 0},	  {"struct", CT_FIELD_GROUP, 0},
};

static const char *word(const char *text, const char **out_word, size_t *out_length)
{
	text += strspn(text, " ");
	*out_word = text;
	*out_length = strcspn(text, " ;[]{}");
	return text + *out_length;
}

static int8_t find_field(const struct ct_layout *layout, const char *name, size_t length)
{
	for (unsigned i = 0; i < layout->field_count; i++)
		if (layout->fields[i].name_length == length &&
		    memcmp(layout->fields[i].name, name, length) == 0)
			return (int8_t)i;
	assert(!"a sequence counts its elements in an earlier field");
	return -1;
}

/* "name;" or "name[count];" into `field`. */
static const char *declarator(const struct ct_layout *layout, const char *text,
			      struct ct_field *field)
{
	const char *name;
	size_t length;

	text = word(text, &name, &length);
	if (*name == '_') { /* CTF: there for names that are TSDL words, and not part of them */
		name++;
		length--;
	}
	field->name = name;
	field->name_length = (uint8_t)length;
	field->count_field = -1;
	if (*text == '[') {
		text = word(text + 1, &name, &length);
		field->count_field = find_field(layout, name, length);
		text++;
	}
	assert(*text == ';');
	return text + 1;
}

static struct ct_field *add_field(struct ct_layout *layout, const char *type, size_t length)
{
	struct ct_field *field = &layout->fields[layout->field_count++];

	assert(layout->field_count <= CT_FIELDS_MAX);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strlen(types[i].name) != length || memcmp(types[i].name, type, length) != 0)
			continue;
		field->kind = types[i].kind;
		field->size = types[i].size;
		return field;
	}
	assert(!"payloads.def uses the types of the metadata");
	return field;
}

static void compile(struct ct_layout *layout, const char *text)
{
	struct ct_field *group = NULL;

	memset(layout, 0, sizeof(*layout));
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		struct ct_field *field;
		const char *type;
		size_t length;

		if (*text == '}' && group) {
			text = declarator(layout, text + 1, group);
			group = NULL;
			continue;
		}
		text = word(text, &type, &length);
		field = add_field(layout, type, length);
		if (field->kind == CT_FIELD_GROUP) {
			group = field;
			text += strspn(text, " {");
			continue;
		}
		text = declarator(layout, text, field);
		if (group) {
			group->members++;
			group->size = (uint8_t)(group->size + field->size);
		}
	}
	for (unsigned i = 0; i < layout->field_count && !layout->varies; i++) {
		layout->varies = layout->fields[i].count_field >= 0 || !layout->fields[i].size;
		if (!layout->varies)
			layout->fixed_size += layout->fields[i].size;
	}
}

void ct_layouts_init(struct ct_layouts *layouts)
{
	for (unsigned i = 0; i < CT_LAYOUT_COUNT; i++)
		compile(&layouts->of[i], texts[i]);
}

uint64_t ct_field_number(const uint8_t *at, unsigned size)
{
	uint64_t value = 0;

	memcpy(&value, at, size);
	return value;
}

void ct_field_walk_init(struct ct_field_walk *walk, const struct ct_layout *layout,
			const void *bytes, size_t size)
{
	*walk = (struct ct_field_walk){.layout = layout, .bytes = bytes, .size = size};
}

bool ct_field_walk_next(struct ct_field_walk *walk, struct ct_field_value *out_value)
{
	size_t room = walk->size - walk->at, bytes;
	const struct ct_field *field;
	struct ct_field_value value = {.count = 1};

	if (walk->cut || walk->next >= walk->layout->field_count)
		return false;
	field = &walk->layout->fields[walk->next];
	value.field = field;
	value.at = walk->bytes + walk->at;
	if (field->kind == CT_FIELD_STRING) {
		value.length = room ? strnlen((const char *)value.at, room) : 0;
		bytes = value.length + 1;
	} else {
		if (field->count_field >= 0)
			value.count = walk->values[field->count_field];
		/* counts have 16 bits: no overflow */
		bytes = (size_t)value.count * field->size;
	}
	if (bytes > room) {
		walk->cut = true;
		return false;
	}
	if (field->count_field < 0 && field->kind == CT_FIELD_NUMBER)
		walk->values[walk->next] = ct_field_number(value.at, field->size);
	walk->at += bytes;
	walk->next += 1u + field->members;
	*out_value = value;
	return true;
}

size_t ct_layout_size(const struct ct_layout *layout, const void *bytes, size_t size)
{
	struct ct_field_walk walk;
	struct ct_field_value value;

	if (!layout->varies)
		return layout->fixed_size <= size ? layout->fixed_size : SIZE_MAX;
	ct_field_walk_init(&walk, layout, bytes, size);
	while (ct_field_walk_next(&walk, &value))
		;
	return walk.cut ? SIZE_MAX : walk.at;
}
