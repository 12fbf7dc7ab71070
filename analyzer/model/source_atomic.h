#ifndef CT_MODEL_SOURCE_ATOMIC_H
#define CT_MODEL_SOURCE_ATOMIC_H
/*
 * Names that say that an access is atomic: of functions and macros, as a program calls them, and of
 * the headers that define them.
 */
#include "model/source_code.h"

/* Whether the piece calls an atomic function that reads (or writes) memory:
 * "__atomic_store_n(&x, 1, 0)" is one that writes. If `name` (NULL: not known) is in the piece, it
 * has to be among the arguments. */
bool ct_source_calls_atomic(struct ct_source_piece piece, bool writes, const char *name);

/* Whether it is a header of the system that is made for atomic accesses. */
bool ct_source_is_atomic_header(const char *path);

/* The same of a function of which only the symbol is known. */
bool ct_source_is_atomic_function(const char *name);

#endif
