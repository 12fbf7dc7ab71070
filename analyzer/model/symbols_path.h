#ifndef CT_MODEL_SYMBOLS_PATH_H
#define CT_MODEL_SYMBOLS_PATH_H
/*
 * The type of what a line of source names, if it only does what is to be seen in it.
 */
#include "model/source_path.h"
#include "model/symbols_binary.h"
#include "model/symbols_dwarf.h"

/* PLAIN: the path, seen from the function at the address, leads over members, elements and pointers
 * (its own, and those that operator-> gives) to a number or pointer of `size` bytes that is not
 * atomic. ATOMIC: to one that is. What is not found, is a union's, or is a class is UNCLEAR. */
enum ct_dwarf_atomicity ct_binary_path(struct ct_binary *binary, uint64_t address,
				       const struct ct_source_path *path, uint64_t size);

#endif
