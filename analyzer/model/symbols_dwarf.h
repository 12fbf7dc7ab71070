/*
 * Small questions to DWARF, answered the same way everywhere. What is damaged or missing is NULL,
 * 0 or false.
 */
#ifndef CT_MODEL_SYMBOLS_DWARF_H
#define CT_MODEL_SYMBOLS_DWARF_H

#include "base/arena.h"
#include "base/text.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

/* How deep a tree or a chain of types may be before it is taken for damaged. */
enum { CT_DWARF_DEPTH = 64 };

/* What the source calls a function or variable; C++ names whole ("Account::deposit(int)"). */
const char *ct_dwarf_name(struct ct_arena *arena, Dwarf_Die *die);

/* The same for the name of an ELF symbol. */
const char *ct_dwarf_demangle(struct ct_arena *arena, const char *name);

/* An attribute that is a number. */
bool ct_dwarf_number(Dwarf_Die *die, unsigned int attribute, uint64_t *out_number);

/* The type of `die`, without typedefs, const and the like. */
bool ct_dwarf_type(Dwarf_Die *die, Dwarf_Die *out_type);

/* The next sibling, in place. False at the end. */
bool ct_dwarf_next(Dwarf_Die *die);

/* Of a type without typedefs; 0: unknown. */
uint64_t ct_dwarf_size(Dwarf_Die *type);

/* Adds ".lock", "[3]", "[2].mutex": which part of `variable` is at `offset`. What belongs to the
 * C or C++ library (names that the language reserves) is not told. */
void ct_dwarf_member_path(Dwarf_Die *variable, uint64_t offset, struct ct_text *path);

#endif
