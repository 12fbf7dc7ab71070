#ifndef CT_READER_LAYOUT_H
#define CT_READER_LAYOUT_H
/*
 * The field layouts of payloads.def, made from its own text, so that a new row there needs no code
 * here: how many bytes a payload has, and its fields one after the other. Private to reader/.
 *
 * This reads our own string constants, not input: a mistake in them is asserted.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reader/events.h"

#define CT_FIELDS_MAX 16u

enum ct_field_kind { CT_FIELD_NUMBER, CT_FIELD_ADDRESS, CT_FIELD_STRING, CT_FIELD_GROUP };

struct ct_field {
	const char *name; /* `name_length` bytes, not terminated */
	uint8_t name_length;
	uint8_t size;	    /* bytes of one element; of a group: of all members; 0: a string */
	uint8_t members;    /* of a group: the fields that follow are its members */
	int8_t count_field; /* number of elements stands in that field; -1: one element */
	enum ct_field_kind kind;
};

struct ct_layout {
	struct ct_field fields[CT_FIELDS_MAX];
	unsigned field_count;
	uint32_t fixed_size; /* bytes of the fields before the first that varies */
	bool varies;
};

struct ct_layouts {
	struct ct_layout of[CT_LAYOUT_COUNT];
};

void ct_layouts_init(struct ct_layouts *layouts);

/* A walk over the fields of a payload. */
struct ct_field_walk {
	const struct ct_layout *layout;
	const uint8_t *bytes;
	size_t size; /* bytes that there are, perhaps more than the payload's */
	size_t at;   /* bytes walked over */
	unsigned next;
	uint64_t values[CT_FIELDS_MAX]; /* of single numbers */
	bool cut;			/* a field does not fit into `size` */
};

/* One field as it stands: `count` elements of field->size bytes at `at`; a string is one element
 * of `length` bytes, its terminator not counted. */
struct ct_field_value {
	const struct ct_field *field;
	const uint8_t *at;
	uint64_t count;
	size_t length;
};

void ct_field_walk_init(struct ct_field_walk *walk, const struct ct_layout *layout,
			const void *bytes, size_t size);
/* False at the end, or where the bytes end too early (`cut`). */
bool ct_field_walk_next(struct ct_field_walk *walk, struct ct_field_value *out_value);

/* Bytes of the payload at `bytes`; SIZE_MAX if it is longer than `size`. */
size_t ct_layout_size(const struct ct_layout *layout, const void *bytes, size_t size);

/* A little-endian number of 1, 2, 4 or 8 bytes. */
uint64_t ct_field_number(const uint8_t *at, unsigned size);

#endif
