#ifndef CT_ACCESS_TRAP_FUNCTIONS_H
#define CT_ACCESS_TRAP_FUNCTIONS_H
/*
 * Where a module's functions begin and end, by the table that exceptions are unwound with
 * (.eh_frame_hdr: "Linux Standard Base, Exception Frames"). It has what compilers made and is not
 * stripped; most code that people wrote in assembly is in it, too.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access/trap/module.h"

struct ct_function {
	uintptr_t start;
	uint32_t size;	/* bytes */
	uint32_t first; /* of its sites, and how many: see choose.h */
	uint32_t count;
};

struct ct_functions {
	struct ct_function *items; /* by address; they do not overlap */
	size_t count;
	size_t memory_size;
};

/* False: the module has no such table, or one of a form that no linker writes, or memory is short.
 */
bool ct_functions_find(const struct ct_module *module, struct ct_functions *out);
void ct_functions_free(struct ct_functions *functions);
/* The function in which an address lies; NULL: none. */
struct ct_function *ct_functions_at(const struct ct_functions *functions, uintptr_t address);
/* How many bytes of code are in functions. */
size_t ct_functions_bytes(const struct ct_functions *functions);

#endif
