#include "model/symbols_variables.h"

#include "base/vec.h"
#include "model/symbols_dwarf.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* Where the scan stands. */
struct scan {
	struct ct_variables *variables;
	const char *function; /* NULL: clang leaves the name out if all calls are inlined */
	bool inside;	      /* of a function */
	bool locals;	      /* look there */
	int depth;
};

/* A location that is one address, and nothing computed. */
static bool static_address(Dwarf_Die *die, uint64_t *out_address)
{
	Dwarf_Attribute attr, address;
	Dwarf_Addr value;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_attr(die, DW_AT_location, &attr) ||
	    dwarf_getlocation(&attr, &ops, &count) != 0 || count != 1)
		return false;
	if (ops[0].atom == DW_OP_addr) {
		*out_address = ops[0].number;
		return true;
	}
	if (ops[0].atom != DW_OP_addrx && ops[0].atom != DW_OP_GNU_addr_index)
		return false;
	if (dwarf_getlocation_attr(&attr, ops, &address) != 0 ||
	    dwarf_formaddr(&address, &value) != 0)
		return false;
	*out_address = value;
	return true;
}

static enum ct_status add(struct scan *scan, Dwarf_Die *die)
{
	struct ct_variables *variables = scan->variables;
	enum ct_status status;
	uint64_t start;

	if (!static_address(die, &start))
		return CT_OK;
	status = ct_vec_grow(&variables->items, &variables->cap, variables->count + 1,
			     sizeof(*variables->items));
	if (status)
		return status;
	variables->items[variables->count++] = (struct ct_variable){
		.start = start, .die = *die, .local = scan->inside, .function = scan->function};
	return CT_OK;
}

static bool is_in_function(int tag)
{
	return tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block ||
	       tag == DW_TAG_inlined_subroutine || tag == DW_TAG_try_block ||
	       tag == DW_TAG_catch_block;
}

static enum ct_status scan_children(const struct scan *outer, Dwarf_Die *parent)
{
	Dwarf_Die child;

	if (outer->depth == CT_DWARF_DEPTH || dwarf_child(parent, &child) != 0)
		return CT_OK;
	do {
		struct scan scan = *outer;
		enum ct_status status = CT_OK;
		int tag = dwarf_tag(&child);

		scan.depth++;
		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) {
			scan.function = dwarf_diename(&child);
			scan.inside = true;
		}
		if (tag == DW_TAG_variable && scan.inside == scan.locals)
			status = add(&scan, &child);
		else if (tag == DW_TAG_namespace || (scan.locals && is_in_function(tag)))
			status = scan_children(&scan, &child);
		if (status)
			return status;
	} while (ct_dwarf_next(&child));
	return CT_OK;
}

static int compare(const void *a, const void *b)
{
	const struct ct_variable *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return left->die.addr < right->die.addr ? -1 : left->die.addr > right->die.addr;
}

static enum ct_status scan_units(struct ct_variables *variables, const struct ct_units *units,
				 bool locals)
{
	struct scan scan = {.variables = variables, .locals = locals};

	for (size_t i = 0; i < units->count; i++) {
		enum ct_status status = scan_children(&scan, &units->items[i].content);

		if (status)
			return status;
	}
	if (variables->count)
		qsort(variables->items, variables->count, sizeof(*variables->items), compare);
	return CT_OK;
}

static struct ct_variable *search(const struct ct_variables *variables, uint64_t start)
{
	size_t low = 0, high = variables->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (variables->items[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == variables->count || variables->items[low].start != start)
		return NULL;
	return &variables->items[low];
}

struct ct_variable *ct_variables_find(struct ct_variables *variables, const struct ct_units *units,
				      uint64_t address)
{
	uint64_t start = address - units->bias;
	struct ct_variable *found;

	if (!variables->globals_read) {
		variables->globals_read = true;
		if (scan_units(variables, units, false))
			return NULL;
	}
	found = search(variables, start);
	if (found || variables->locals_read)
		return found;
	variables->locals_read = true;
	if (scan_units(variables, units, true))
		return NULL;
	return search(variables, start);
}

void ct_variables_fini(struct ct_variables *variables)
{
	free(variables->items);
	memset(variables, 0, sizeof(*variables));
}
