/*
 * The symbol table of a file, sorted, for what DWARF does not tell.
 */
#ifndef CT_MODEL_SYMBOLS_ELF_H
#define CT_MODEL_SYMBOLS_ELF_H

#include "base/arena.h"
#include "base/status.h"

#include <elfutils/libdwfl.h>
#include <stddef.h>
#include <stdint.h>

struct ct_elf_symbol {
	uint64_t start, size;
	const char *name; /* borrowed from the file */
	int rank;	  /* of several names for one place, the lowest is shown */
};

struct ct_elf_table {
	struct ct_elf_symbol *items; /* owned; by start, then rank */
	size_t count, cap;
};

struct ct_elf_index {
	struct ct_elf_table functions, objects;
	struct ct_elf_table thread_locals; /* start: offset in the file's block of them */
};

/* `index` is zeroed. On CT_ENOMEM it holds a part and is still to be released. */
CT_MUST_CHECK enum ct_status ct_elf_read(struct ct_elf_index *index, Dwfl_Module *module);
void ct_elf_fini(struct ct_elf_index *index);

/* The symbol that covers `address`, or NULL. */
const struct ct_elf_symbol *ct_elf_find(const struct ct_elf_table *table, uint64_t address);

/* Its name as in the source: demangled, without version ("@@GLIBC_2.34") and suffix of the compiler
 * (".part.0"); clang's "f.lock" of a static variable in f is "f::lock". Owned by the arena; NULL if
 * memory ran out. */
const char *ct_elf_function_name(struct ct_arena *arena, const struct ct_elf_symbol *symbol);
const char *ct_elf_object_name(struct ct_arena *arena, const struct ct_elf_symbol *symbol);

#endif
