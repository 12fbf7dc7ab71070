/*
 * The variables of a file that have one place for the whole run: globals, statics, and statics
 * inside functions.
 */
#ifndef CT_MODEL_SYMBOLS_VARIABLES_H
#define CT_MODEL_SYMBOLS_VARIABLES_H

#include "base/status.h"
#include "model/symbols_units.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_variable {
	uint64_t start; /* DWARF's address */
	Dwarf_Die die;
	bool local;	      /* to a function */
	const char *function; /* its name, if that is told; borrowed from the file */
};

struct ct_variables {
	struct ct_variable *items; /* owned; by start */
	size_t count, cap;
	bool globals_read, locals_read;
};

/* The variable that begins at `address` (the file's), or NULL. Reads the units on first use; those
 * that are local to functions only if no other fits. */
struct ct_variable *ct_variables_find(struct ct_variables *variables, const struct ct_units *units,
				      uint64_t address);
void ct_variables_fini(struct ct_variables *variables);

#endif
