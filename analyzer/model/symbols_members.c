/*
 * From a variable and an offset to the member that lies there.
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
	uint64_t offset;
	bool inside_library; /* in a member of a reserved name */
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

static uint64_t size_of(Dwarf_Die *type, int depth)
{
	struct shape shape;
	Dwarf_Die element;
	uint64_t size;

	if (ct_dwarf_number(type, DW_AT_byte_size, &size))
		return size;
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

static bool covers(Dwarf_Die *member, uint64_t offset, struct place *out_inside)
{
	int tag = dwarf_tag(member);
	uint64_t start, size;

	if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || !member_offset(member, &start) ||
	    offset < start || !ct_dwarf_type(member, &out_inside->type))
		return false;
	size = ct_dwarf_size(&out_inside->type);
	out_inside->offset = offset - start;
	return out_inside->offset < size;
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

	if (dwarf_child(&place->type, &member) != 0)
		return false;
	do {
		struct place inside = *place;

		if (!covers(&member, place->offset, &inside))
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
	index = place->offset / size;
	place->offset %= size;
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

void ct_dwarf_member_path(Dwarf_Die *variable, uint64_t offset, struct ct_text *path)
{
	struct place place = {.offset = offset};
	bool entered = ct_dwarf_type(variable, &place.type);

	for (int depth = 0; entered && depth < CT_DWARF_DEPTH; depth++) {
		int tag = dwarf_tag(&place.type);

		if (tag == DW_TAG_array_type)
			entered = enter_array(&place, path);
		else if (is_record(tag))
			entered = enter_record(&place, path);
		else
			entered = false;
	}
}
