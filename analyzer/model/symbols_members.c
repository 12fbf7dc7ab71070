/*
 * From a variable and some of its bytes to the member that they lie in.
 */
#include "model/symbols_dwarf.h"

#include <ctype.h>
#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

enum { DIMENSIONS_MAX = 8 };

/* Where the walk stands: a type, and how far into it. */
struct place {
	Dwarf_Die type;
	Dwarf_Die declared; /* whose type that is */
	uint64_t offset;
	uint64_t size;	     /* bytes that are looked for */
	bool inside_library; /* in a member of a reserved name */
	bool in_base;	     /* that is a base class: no part of its own */
};

/* The bytes of a record that a member takes. */
struct extent {
	uint64_t start, size;
};

/* The lengths of an array's dimensions, outermost first; 0: unknown. */
struct shape {
	uint64_t lengths[DIMENSIONS_MAX];
	int count;
};

static bool is_record(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

/* C 7.1.3: names that programs do not use, so these are the library's inner parts. */
static bool is_reserved(const char *name)
{
	return name[0] == '_' && (name[1] == '_' || isupper((unsigned char)name[1]));
}

static uint64_t dimension_length(Dwarf_Die *range)
{
	uint64_t number;

	if (ct_dwarf_number(range, DW_AT_count, &number))
		return number;
	if (ct_dwarf_number(range, DW_AT_upper_bound, &number) && number != UINT64_MAX)
		return number + 1;
	return 0;
}

static void read_shape(Dwarf_Die *array, struct shape *shape)
{
	Dwarf_Die child;

	shape->count = 0;
	if (dwarf_child(array, &child) != 0)
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_subrange_type && shape->count < DIMENSIONS_MAX)
			shape->lengths[shape->count++] = dimension_length(&child);
	} while (ct_dwarf_next(&child));
}

/* clang leaves out the size of pointers. */
static uint64_t size_of_pointer(Dwarf_Die *type)
{
	Dwarf_Die unit;
	uint8_t bytes;

	return dwarf_diecu(type, &unit, &bytes, NULL) ? bytes : 0;
}

static uint64_t size_of(Dwarf_Die *type, int depth)
{
	struct shape shape;
	Dwarf_Die element;
	uint64_t size;

	if (ct_dwarf_number(type, DW_AT_byte_size, &size))
		return size;
	if (dwarf_tag(type) == DW_TAG_pointer_type)
		return size_of_pointer(type);
	if (dwarf_tag(type) != DW_TAG_array_type || depth == CT_DWARF_DEPTH ||
	    !ct_dwarf_type(type, &element))
		return 0;
	size = size_of(&element, depth + 1);
	read_shape(type, &shape);
	for (int i = 0; i < shape.count; i++) {
		if (__builtin_mul_overflow(size, shape.lengths[i], &size))
			return 0;
	}
	return size;
}

bool ct_dwarf_is_record(Dwarf_Die *type)
{
	return is_record(dwarf_tag(type));
}

uint64_t ct_dwarf_size(Dwarf_Die *type)
{
	return size_of(type, 0);
}

/* Where a member begins: a number, or in old DWARF the expression "add this". */
static bool member_offset(Dwarf_Die *member, uint64_t *out_offset)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_hasattr(member, DW_AT_data_member_location)) {
		*out_offset = 0; /* of a union; static members of C++ are told by their flags */
		return !dwarf_hasattr(member, DW_AT_external) &&
		       !dwarf_hasattr(member, DW_AT_data_bit_offset);
	}
	if (ct_dwarf_number(member, DW_AT_data_member_location, out_offset))
		return true;
	if (!dwarf_attr(member, DW_AT_data_member_location, &attr) ||
	    dwarf_getlocation(&attr, &ops, &count) != 0 || count != 1 ||
	    ops[0].atom != DW_OP_plus_uconst)
		return false;
	*out_offset = ops[0].number;
	return true;
}

/* DWARF 5 counts bits from the record's begin; older ones from the high end of a unit of bytes. */
static bool bit_field_extent(Dwarf_Die *member, uint64_t bits, struct extent *out)
{
	uint64_t first, start, unit;

	if (!ct_dwarf_number(member, DW_AT_data_bit_offset, &first)) {
		if (!ct_dwarf_number(member, DW_AT_bit_offset, &first) ||
		    !member_offset(member, &start) ||
		    !ct_dwarf_number(member, DW_AT_byte_size, &unit) || unit > 64 ||
		    first + bits > unit * 8)
			return false;
		first = start * 8 + unit * 8 - first - bits;
	}
	*out = (struct extent){first / 8, (first + bits + 7) / 8 - first / 8};
	return true;
}

static bool extent_of(Dwarf_Die *member, struct extent *out)
{
	int tag = dwarf_tag(member);
	uint64_t bits;
	Dwarf_Die type;

	if (tag != DW_TAG_member && tag != DW_TAG_inheritance)
		return false;
	if (ct_dwarf_number(member, DW_AT_bit_size, &bits))
		return bit_field_extent(member, bits, out);
	if (!member_offset(member, &out->start) || !ct_dwarf_type(member, &type))
		return false;
	out->size = ct_dwarf_size(&type);
	return true;
}

bool ct_dwarf_extent(Dwarf_Die *member, uint64_t *out_start, uint64_t *out_size)
{
	struct extent extent;

	if (!extent_of(member, &extent))
		return false;
	*out_start = extent.start;
	*out_size = extent.size;
	return true;
}

/* Whether the member holds all that is looked for. */
static bool covers(Dwarf_Die *member, struct place *place)
{
	struct extent extent;

	if (!extent_of(member, &extent) || place->offset < extent.start ||
	    place->offset - extent.start >= extent.size ||
	    place->size > extent.size - (place->offset - extent.start) ||
	    !ct_dwarf_type(member, &place->type))
		return false;
	place->offset -= extent.start;
	place->declared = *member;
	place->in_base = dwarf_tag(member) == DW_TAG_inheritance;
	return true;
}

/* How many bit-fields share bytes with what is looked for; adds their names. */
static size_t count_bit_fields(struct place *place, struct ct_text *names)
{
	size_t count = 0;
	Dwarf_Die member;

	if (!is_record(dwarf_tag(&place->type)) || dwarf_child(&place->type, &member) != 0)
		return 0;
	do {
		struct extent extent;
		const char *name = dwarf_diename(&member);

		if (!name || !dwarf_hasattr(&member, DW_AT_bit_size) ||
		    !extent_of(&member, &extent) || extent.start >= place->offset + place->size ||
		    place->offset >= extent.start + extent.size)
			continue;
		if (names)
			ct_text_addf(names, count ? ", %s" : "%s", name);
		count++;
	} while (ct_dwarf_next(&member));
	return count;
}

static void add_name(Dwarf_Die *member, struct place *inside, struct ct_text *path)
{
	/* A base class and an anonymous union have members of their own, but no part in the name.
	 */
	const char *name = dwarf_tag(member) == DW_TAG_member ? dwarf_diename(member) : NULL;

	if (!name)
		return;
	inside->inside_library |= is_reserved(name);
	if (!inside->inside_library)
		ct_text_addf(path, ".%s", name);
}

static bool enter_record(struct place *place, struct ct_text *path)
{
	Dwarf_Die member;

	/* Several in one byte: which of them is meant is not to be seen. */
	if (dwarf_child(&place->type, &member) != 0 || count_bit_fields(place, NULL) > 1)
		return false;
	do {
		struct place inside = *place;

		if (!covers(&member, &inside))
			continue;
		add_name(&member, &inside, path);
		*place = inside;
		return true;
	} while (ct_dwarf_next(&member));
	return false;
}

static bool enter_array(struct place *place, struct ct_text *path)
{
	struct shape shape;
	Dwarf_Die element;
	uint64_t size = ct_dwarf_type(&place->type, &element) ? ct_dwarf_size(&element) : 0;
	uint64_t index, within = 1;

	read_shape(&place->type, &shape);
	if (size == 0 || shape.count == 0)
		return false;
	for (int i = 1; i < shape.count; i++) {
		if (shape.lengths[i] == 0 ||
		    __builtin_mul_overflow(within, shape.lengths[i], &within))
			return false;
	}
	if (place->size > size - place->offset % size)
		return false; /* several elements */
	index = place->offset / size;
	place->offset %= size;
	place->declared = place->type;
	place->in_base = false;
	place->type = element;
	/* std::array holds its elements in a reserved member: those are the program's again. */
	if (place->inside_library && !is_record(dwarf_tag(&element)))
		return false;
	place->inside_library = false;
	for (int i = 0; i < shape.count; i++) {
		ct_text_addf(path, "[%" PRIu64 "]", index / within);
		index %= within;
		if (i + 1 < shape.count)
			within /= shape.lengths[i + 1];
	}
	return true;
}

void ct_dwarf_part(Dwarf_Die *variable, uint64_t offset, uint64_t size, struct ct_text *path,
		   struct ct_dwarf_part *out)
{
	struct place place = {.offset = offset, .size = size, .declared = *variable};
	bool entered = ct_dwarf_type(variable, &place.type);

	*out = (struct ct_dwarf_part){.declared = *variable, .offset = offset};
	if (entered)
		out->size = ct_dwarf_size(&place.type);
	for (int depth = 0; entered && depth < CT_DWARF_DEPTH; depth++) {
		int tag = dwarf_tag(&place.type);

		if (tag == DW_TAG_array_type)
			entered = enter_array(&place, path);
		else if (is_record(tag))
			entered = enter_record(&place, path);
		else
			entered = false;
		/* The library's inner parts count as what they are a part of. */
		if (!entered || place.inside_library || place.in_base)
			continue;
		out->declared = place.declared;
		out->offset = place.offset;
		out->position = offset - place.offset;
		out->size = ct_dwarf_size(&place.type);
	}
}

void ct_dwarf_bit_fields(const struct ct_dwarf_part *part, uint64_t size, struct ct_text *out)
{
	struct place place = {.offset = part->offset, .size = size};
	Dwarf_Die declared = part->declared;

	if (ct_dwarf_type(&declared, &place.type) && count_bit_fields(&place, NULL) > 1)
		count_bit_fields(&place, out);
}
