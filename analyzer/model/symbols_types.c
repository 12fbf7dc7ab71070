/*
 * Types of DWARF as the source writes them.
 */
#include "model/symbols_dwarf.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

static bool type_of(Dwarf_Die *die, Dwarf_Die *out_type)
{
	Dwarf_Attribute attr;

	return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attr), out_type);
}

/* C++ calls a struct by its name alone. */
static const char *keyword_of(Dwarf_Die *type)
{
	Dwarf_Die unit;
	int language = dwarf_diecu(type, &unit, NULL, NULL) ? dwarf_srclang(&unit) : 0;
	bool c = language == DW_LANG_C || language == DW_LANG_C89 || language == DW_LANG_C99 ||
		 language == DW_LANG_C11;

	if (!c && dwarf_diename(type))
		return "";
	switch (dwarf_tag(type)) {
	case DW_TAG_structure_type:
		return "struct";
	case DW_TAG_union_type:
		return "union";
	case DW_TAG_enumeration_type:
		return "enum";
	default:
		return "";
	}
}

static void add_named(Dwarf_Die *type, struct ct_text *out)
{
	const char *keyword = keyword_of(type), *name = dwarf_diename(type);

	ct_text_add(out, name ? keyword : "unnamed ");
	if (name)
		ct_text_addf(out, "%s%s", *keyword ? " " : "", name);
	else
		ct_text_add(out, *keyword ? keyword : "type");
}

static void add_dimensions(Dwarf_Die *array, struct ct_text *out)
{
	Dwarf_Die child;

	ct_text_addc(out, ' ');
	if (dwarf_child(array, &child) != 0)
		return;
	do {
		uint64_t length;

		if (dwarf_tag(&child) != DW_TAG_subrange_type)
			continue;
		if (ct_dwarf_number(&child, DW_AT_count, &length))
			ct_text_addf(out, "[%" PRIu64 "]", length);
		else if (ct_dwarf_number(&child, DW_AT_upper_bound, &length) &&
			 length != UINT64_MAX)
			ct_text_addf(out, "[%" PRIu64 "]", length + 1);
		else
			ct_text_add(out, "[]");
	} while (ct_dwarf_next(&child));
}

static void add_type(Dwarf_Die *declared, struct ct_text *out, int depth);

/* "const int", but "int *const". */
static void add_qualified(Dwarf_Die *type, const char *word, struct ct_text *out, int depth)
{
	Dwarf_Die target;
	bool pointer = type_of(type, &target) && dwarf_tag(&target) == DW_TAG_pointer_type;

	if (!pointer)
		ct_text_addf(out, "%s ", word);
	add_type(type, out, depth + 1);
	if (pointer)
		ct_text_add(out, word);
}

/* "char *", "char **", "char *const *" */
static void add_pointer(Dwarf_Die *type, const char *sign, struct ct_text *out, int depth)
{
	add_type(type, out, depth + 1);
	if (!out->len || out->data[out->len - 1] != '*')
		ct_text_addc(out, ' ');
	ct_text_add(out, sign);
}

/* A type that is made of another one; false: it is not. */
static bool add_derived(Dwarf_Die *type, struct ct_text *out, int depth)
{
	switch (dwarf_tag(type)) {
	case DW_TAG_const_type:
		add_qualified(type, "const", out, depth);
		return true;
	case DW_TAG_volatile_type:
		add_qualified(type, "volatile", out, depth);
		return true;
	case DW_TAG_atomic_type:
		add_qualified(type, "_Atomic", out, depth);
		return true;
	case DW_TAG_restrict_type:
		add_type(type, out, depth + 1);
		return true;
	case DW_TAG_pointer_type:
		add_pointer(type, "*", out, depth);
		return true;
	case DW_TAG_reference_type:
		add_pointer(type, "&", out, depth);
		return true;
	case DW_TAG_rvalue_reference_type:
		add_pointer(type, "&&", out, depth);
		return true;
	case DW_TAG_array_type:
		add_type(type, out, depth + 1);
		add_dimensions(type, out);
		return true;
	default:
		return false;
	}
}

static void add_type(Dwarf_Die *declared, struct ct_text *out, int depth)
{
	Dwarf_Die type;

	if (!type_of(declared, &type))
		ct_text_add(out, "void");
	else if (dwarf_tag(&type) == DW_TAG_subroutine_type)
		ct_text_add(out, "function");
	else if (depth == CT_DWARF_DEPTH || !add_derived(&type, out, depth))
		add_named(&type, out);
}

void ct_dwarf_type_name(Dwarf_Die *declared, struct ct_text *out)
{
	add_type(declared, out, 0);
}
