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

/* Whether a type is a struct, class or union. */
bool ct_dwarf_is_record(Dwarf_Die *type);

/* Which bytes of a record a member or base class takes. False: that is not told. */
bool ct_dwarf_extent(Dwarf_Die *member, uint64_t *out_start, uint64_t *out_size);

/* The source file that DWARF calls `file`, as an absolute path if the unit tells its folder. */
const char *ct_dwarf_path(struct ct_arena *arena, Dwarf_Die *unit, const char *file);

/* Adds "int", "struct node *", "volatile char [16]": the type that `declared` was declared with,
 * which is a variable, a member, or a pointer or array type. */
void ct_dwarf_type_name(Dwarf_Die *declared, struct ct_text *out);

/* What a type says of how memory is accessed. */
enum ct_dwarf_atomicity {
	CT_DWARF_PLAIN,	  /* not atomic, nor any part of it that is asked for */
	CT_DWARF_ATOMIC,  /* _Atomic, std::atomic, std::atomic_flag and what is called so */
	CT_DWARF_UNCLEAR, /* not told, or the library's own: a mutex, a shared_ptr */
};

/* Of `size` bytes (0: one) from `offset` on in a variable. */
enum ct_dwarf_atomicity ct_dwarf_atomicity(Dwarf_Die *variable, uint64_t offset, uint64_t size);

/* A part of a variable: a member of a member of an element ... */
struct ct_dwarf_part {
	Dwarf_Die declared; /* see ct_dwarf_type_name */
	uint64_t offset;    /* of what was asked for, in this part */
	uint64_t size;	    /* of the part, 0 unknown */
	uint64_t position;  /* of the part in the variable */
};

/* The innermost part of `variable` (or of what a pointer type points to) that holds all `size`
 * bytes from `offset` on. Adds its path: ".lock", "[3]", "[2].mutex". What belongs to the C or C++
 * library (names that the language reserves) is not told. */
void ct_dwarf_part(Dwarf_Die *variable, uint64_t offset, uint64_t size, struct ct_text *path,
		   struct ct_dwarf_part *out);

/* Adds "ready, done": the bit-fields of the part, if it is a struct, that lie in `size` bytes from
 * its offset on. Nothing if there are fewer than two. */
void ct_dwarf_bit_fields(const struct ct_dwarf_part *part, uint64_t size, struct ct_text *out);

#endif
