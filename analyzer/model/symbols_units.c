#include "model/symbols_units.h"

#include "base/vec.h"
#include "model/symbols_dwarf.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* What the linker left out keeps its DWARF, at address 0: no code is in the ELF header. */
enum { FIRST_CODE = 64 };

static enum ct_status add_ranges(struct ct_code_ranges *ranges, Dwarf_Die *die, size_t unit)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t position = 0;

	while ((position = dwarf_ranges(die, position, &base, &start, &end)) > 0) {
		enum ct_status status;

		if (start < FIRST_CODE || start >= end)
			continue;
		status = ct_vec_grow(&ranges->items, &ranges->cap, ranges->count + 1,
				     sizeof(*ranges->items));
		if (status)
			return status;
		ranges->items[ranges->count++] = (struct ct_code_range){
			.start = start, .end = end, .die = *die, .unit = unit};
	}
	return CT_OK;
}

static int compare(const void *a, const void *b)
{
	const struct ct_code_range *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->end != right->end)
		return left->end < right->end ? -1 : 1;
	return left->die.addr < right->die.addr ? -1 : left->die.addr > right->die.addr;
}

static void sort(struct ct_code_ranges *ranges)
{
	if (ranges->count)
		qsort(ranges->items, ranges->count, sizeof(*ranges->items), compare);
}

static struct ct_code_range *find(const struct ct_code_ranges *ranges, uint64_t address)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ranges->items[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || address >= ranges->items[low - 1].end)
		return NULL;
	return &ranges->items[low - 1];
}

static enum ct_status add_unit(struct ct_units *units, Dwarf_Die *die, Dwarf_Die *split)
{
	enum ct_status status;

	status = ct_vec_grow(&units->items, &units->cap, units->count + 1, sizeof(*units->items));
	if (status)
		return status;
	units->items[units->count] = (struct ct_unit){
		.die = *die, .content = dwarf_tag(split) == DW_TAG_compile_unit ? *split : *die};
	return add_ranges(&units->ranges, die, units->count++);
}

enum ct_status ct_units_read(struct ct_units *units, Dwfl_Module *module)
{
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(module, &bias);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die, split;
	uint8_t type;

	if (!dwarf)
		return CT_OK;
	units->bias = bias;
	memset(&split, 0, sizeof(split));
	while (dwarf_get_units(dwarf, unit, &unit, NULL, &type, &die, &split) == 0) {
		enum ct_status status;

		if (type != DW_UT_compile && type != DW_UT_skeleton)
			continue;
		status = add_unit(units, &die, &split);
		if (status)
			return status;
		memset(&split, 0, sizeof(split));
	}
	sort(&units->ranges);
	return CT_OK;
}

void ct_units_fini(struct ct_units *units)
{
	for (size_t i = 0; i < units->count; i++)
		free(units->items[i].functions.items);
	free(units->items);
	free(units->ranges.items);
	memset(units, 0, sizeof(*units));
}

struct ct_unit *ct_units_find(struct ct_units *units, uint64_t address)
{
	const struct ct_code_range *range = find(&units->ranges, address - units->bias);

	return range ? &units->items[range->unit] : NULL;
}

/* clang defines the functions of a namespace inside it. */
static enum ct_status add_functions(struct ct_unit *unit, Dwarf_Die *parent, int depth)
{
	Dwarf_Die child;

	if (depth == CT_DWARF_DEPTH || dwarf_child(parent, &child) != 0)
		return CT_OK;
	do {
		enum ct_status status = CT_OK;

		if (dwarf_tag(&child) == DW_TAG_subprogram)
			status = add_ranges(&unit->functions, &child, 0);
		else if (dwarf_tag(&child) == DW_TAG_namespace)
			status = add_functions(unit, &child, depth + 1);
		if (status)
			return status;
	} while (ct_dwarf_next(&child));
	return CT_OK;
}

Dwarf_Die *ct_unit_function(struct ct_unit *unit, uint64_t address)
{
	struct ct_code_range *range;

	if (!unit->functions_read) {
		unit->functions_read = true;
		if (add_functions(unit, &unit->content, 0))
			unit->functions.count = 0;
		sort(&unit->functions);
	}
	range = find(&unit->functions, address);
	return range ? &range->die : NULL;
}
