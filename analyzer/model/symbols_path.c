#include "model/symbols_path.h"

#include <dwarf.h>
#include <string.h>

/* What is looked at for one path. */
enum { LOOKS_MAX = 20000 };

/* `at` is what was declared with the type of the path so far: see ct_dwarf_type_name. */
struct walk {
	Dwarf_Die at;
	unsigned int looks;
};

/* Of variables of one name in several blocks, and of members of several bases, none is taken. */
struct hits {
	Dwarf_Die die;
	unsigned int count;
};

static bool is_called(Dwarf_Die *die, struct ct_source_piece name)
{
	const char *called = dwarf_diename(die);

	return called && strlen(called) == name.length &&
	       memcmp(called, name.text, name.length) == 0;
}

static void find_variable(struct walk *walk, Dwarf_Die *parent, struct ct_source_piece name,
			  int depth, struct hits *hits)
{
	Dwarf_Die child;

	if (depth == CT_DWARF_DEPTH || dwarf_child(parent, &child) != 0)
		return;
	do {
		int tag = dwarf_tag(&child);

		if (++walk->looks > LOOKS_MAX)
			return;
		if (tag == DW_TAG_lexical_block || tag == DW_TAG_try_block ||
		    tag == DW_TAG_catch_block)
			find_variable(walk, &child, name, depth + 1, hits);
		if ((tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) ||
		    !is_called(&child, name))
			continue;
		hits->die = child;
		hits->count++;
	} while (ct_dwarf_next(&child));
}

/* A member (or function) of the record or of its bases, of which it may hide those. */
static void find_member(struct walk *walk, Dwarf_Die *record, int wanted,
			struct ct_source_piece name, int depth, struct hits *hits)
{
	Dwarf_Die child, base;

	if (depth == CT_DWARF_DEPTH || dwarf_child(record, &child) != 0)
		return;
	do {
		if (++walk->looks > LOOKS_MAX)
			return;
		if (dwarf_tag(&child) == wanted && is_called(&child, name)) {
			hits->die = child;
			hits->count++;
		}
	} while (ct_dwarf_next(&child));
	if (hits->count || dwarf_child(record, &child) != 0)
		return;
	do {
		if (++walk->looks <= LOOKS_MAX && dwarf_tag(&child) == DW_TAG_inheritance &&
		    ct_dwarf_type(&child, &base))
			find_member(walk, &base, wanted, name, depth + 1, hits);
	} while (ct_dwarf_next(&child));
}

/* The type without typedefs, const and references. */
static bool type_of(struct walk *walk, Dwarf_Die *out_type)
{
	for (int i = 0; i < CT_DWARF_DEPTH; i++) {
		int tag;

		if (!ct_dwarf_type(&walk->at, out_type))
			return false;
		tag = dwarf_tag(out_type);
		if (tag != DW_TAG_reference_type && tag != DW_TAG_rvalue_reference_type)
			return true;
		walk->at = *out_type;
	}
	return false;
}

static bool go_to_member(struct walk *walk, struct ct_source_piece name)
{
	struct hits hits = {.count = 0};
	Dwarf_Die type;

	if (!type_of(walk, &type) || !ct_dwarf_is_record(&type) ||
	    dwarf_tag(&type) == DW_TAG_union_type)
		return false;
	find_member(walk, &type, DW_TAG_member, name, 0, &hits);
	if (hits.count != 1 || dwarf_hasattr(&hits.die, DW_AT_external) ||
	    dwarf_hasattr(&hits.die, DW_AT_bit_size))
		return false;
	walk->at = hits.die;
	return true;
}

static bool go_to_pointed(struct walk *walk)
{
	Dwarf_Die type;

	if (!type_of(walk, &type) || dwarf_tag(&type) != DW_TAG_pointer_type)
		return false;
	walk->at = type;
	return true;
}

/* Over a pointer, or what operator-> of a class gives. */
static bool go_over_arrow(struct walk *walk)
{
	static const char name[] = "operator->";
	struct hits hits = {.count = 0};
	Dwarf_Die type;

	if (!type_of(walk, &type))
		return false;
	if (ct_dwarf_is_record(&type)) {
		find_member(walk, &type, DW_TAG_subprogram,
			    (struct ct_source_piece){name, sizeof(name) - 1}, 0, &hits);
		if (hits.count != 1)
			return false;
		walk->at = hits.die;
	}
	return go_to_pointed(walk);
}

static bool go_to_element(struct walk *walk)
{
	Dwarf_Die type;

	if (!type_of(walk, &type) ||
	    (dwarf_tag(&type) != DW_TAG_pointer_type && dwarf_tag(&type) != DW_TAG_array_type))
		return false;
	walk->at = type;
	return true;
}

/* A variable of the function's own, or a member of the object that it is called for. */
static bool begin(struct walk *walk, Dwarf_Die *function, struct ct_source_piece name)
{
	const struct ct_source_piece this = {"this", 4};
	struct hits variable = {.count = 0}, object = {.count = 0};
	Dwarf_Attribute attr;
	Dwarf_Die origin;

	/* all that the source has is there, also what is optimised away here */
	if (!dwarf_formref_die(dwarf_attr(function, DW_AT_abstract_origin, &attr), &origin))
		origin = *function;
	find_variable(walk, &origin, name, 0, &variable);
	walk->at = variable.die;
	if (variable.count)
		return variable.count == 1;
	find_variable(walk, &origin, this, 0, &object);
	walk->at = object.die;
	return object.count == 1 && go_over_arrow(walk) && go_to_member(walk, name);
}

static bool go(struct walk *walk, const struct ct_source_step *step)
{
	switch (step->kind) {
	case CT_STEP_NAME:
		return false; /* the first one only */
	case CT_STEP_MEMBER:
		return go_to_member(walk, step->name);
	case CT_STEP_ARROW:
		return go_over_arrow(walk) && go_to_member(walk, step->name);
	case CT_STEP_ELEMENT:
		return go_to_element(walk);
	case CT_STEP_POINTED:
		return go_to_pointed(walk);
	}
	return false;
}

enum ct_dwarf_atomicity ct_binary_path(struct ct_binary *binary, uint64_t address,
				       const struct ct_source_path *path, uint64_t size)
{
	struct walk walk = {.looks = 0};
	enum ct_dwarf_atomicity memory;
	Dwarf_Die function, type;

	if (!path->count || !ct_binary_innermost(binary, address, &function) ||
	    !begin(&walk, &function, path->steps[0].name))
		return CT_DWARF_UNCLEAR;
	for (size_t i = 1; i < path->count; i++) {
		if (!go(&walk, &path->steps[i]))
			return CT_DWARF_UNCLEAR;
	}
	if (!type_of(&walk, &type) || ct_dwarf_size(&type) != size)
		return CT_DWARF_UNCLEAR;
	memory = ct_dwarf_atomicity(&walk.at, 0, size);
	if (memory != CT_DWARF_PLAIN || dwarf_tag(&type) == DW_TAG_base_type ||
	    dwarf_tag(&type) == DW_TAG_pointer_type || dwarf_tag(&type) == DW_TAG_enumeration_type)
		return memory;
	return CT_DWARF_UNCLEAR;
}
