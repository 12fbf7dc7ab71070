/*
 * Which compilation unit, and which function in it, an address belongs to.
 * libdw's own search needs .debug_aranges, which clang does not write, and does not look into C++
 * namespaces. Source of the layout: DWARF 5 standard, sections 3.1 and 3.3.
 */
#ifndef CT_MODEL_SYMBOLS_UNITS_H
#define CT_MODEL_SYMBOLS_UNITS_H

#include "base/status.h"

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Code from start up to end: of a function, or of the unit items[unit]. */
struct ct_code_range {
	uint64_t start, end;
	Dwarf_Die die;
	size_t unit;
};

struct ct_code_ranges {
	struct ct_code_range *items; /* owned; by start once read */
	size_t count, cap;
};

struct ct_unit {
	Dwarf_Die die;
	Dwarf_Die content; /* the same, or its part in a .dwo file */
	struct ct_code_ranges functions;
	bool functions_read;
};

/* Addresses here are DWARF's: the file's own - bias (not 0 if debug information lies elsewhere and
 * was prelinked). */
struct ct_units {
	struct ct_unit *items; /* owned */
	size_t count, cap;
	struct ct_code_ranges ranges;
	uint64_t bias;
};

/* `units` is zeroed. A file without DWARF has no units. */
CT_MUST_CHECK enum ct_status ct_units_read(struct ct_units *units, Dwfl_Module *module);
void ct_units_fini(struct ct_units *units);

/* NULL if no unit has code there. */
struct ct_unit *ct_units_find(struct ct_units *units, uint64_t address);

/* NULL if the unit has no function there (assembly, a damaged file) or memory ran out. */
Dwarf_Die *ct_unit_function(struct ct_unit *unit, uint64_t address);

#endif
