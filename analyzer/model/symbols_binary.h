/*
 * One executable or library on disk, opened once for all processes that ran it, with what has been
 * read of it so far. Addresses are the file's own (memory address - bias).
 */
#ifndef CT_MODEL_SYMBOLS_BINARY_H
#define CT_MODEL_SYMBOLS_BINARY_H

#include "base/arena.h"
#include "base/map.h"
#include "model/symbols.h"
#include "model/symbols_elf.h"
#include "model/symbols_units.h"
#include "model/symbols_variables.h"

#include <elfutils/libdwfl.h>
#include <stdbool.h>

struct ct_frame_run {
	const struct ct_frame *frames;
	size_t count;
};

struct ct_binary {
	struct ct_arena *arena; /* borrowed */
	const char *path;	/* borrowed */
	Dwfl *dwfl;		/* owned; NULL: the file cannot be used */
	Dwfl_Module *module;
	struct ct_elf_index elf;
	struct ct_units units;
	struct ct_variables variables;
	bool elf_read, units_read;
	struct ct_map frame_cache;    /* return address -> struct ct_frame_run, in the arena */
	struct ct_map variable_cache; /* address -> name in the arena, or 0 */
};

/* What came of opening a file. */
enum ct_binary_state {
	CT_BINARY_USABLE,
	CT_BINARY_MISSING, /* or not to be read */
	CT_BINARY_CHANGED, /* its build-id is another one */
	CT_BINARY_FOREIGN, /* not an ELF file */
	CT_BINARY_VIRTUAL, /* never was a file: the kernel's vdso */
};

/* `path` and `arena` must outlive the binary. An unusable one has no names, and is closed too. */
void ct_binary_open(struct ct_binary *binary, struct ct_arena *arena, const char *path,
		    const uint8_t *build_id, size_t build_id_length,
		    enum ct_binary_state *out_state);
void ct_binary_close(struct ct_binary *binary);

/* The functions that contain the call before a return address, innermost first; at least one
 * frame, or NULL if memory ran out. Borrowed from the arena. */
const struct ct_frame_run *ct_binary_frames(struct ct_binary *binary, uint64_t return_address);

/* What DWARF says of the innermost function at an address, inlined or not. */
bool ct_binary_innermost(struct ct_binary *binary, uint64_t address, Dwarf_Die *out_function);

/* "pool.lock", or NULL. Borrowed from the arena. */
const char *ct_binary_variable(struct ct_binary *binary, uint64_t address);

/* The variable that covers `address`, whole ("pool"), or NULL; with what DWARF says of it (NULL:
 * nothing) and where in it that is. */
const char *ct_binary_whole(struct ct_binary *binary, uint64_t address,
			    struct ct_variable **out_variable, uint64_t *out_offset);

/* As ct_symbols_data, of the file's own address. */
bool ct_binary_data(struct ct_binary *binary, uint64_t address, uint64_t size,
		    struct ct_symbol_data *out);

/* As ct_symbols_block, of the function that has this return address; true also if it has pointers
 * to several types of that size, and out->name is NULL. */
bool ct_binary_block(struct ct_binary *binary, uint64_t return_address, uint64_t block_size,
		     uint64_t offset, uint64_t size, struct ct_symbol_data *out);

/* The thread-local variable of an executable that lies so many bytes below the thread pointer, or
 * NULL. */
const char *ct_binary_thread_local(struct ct_binary *binary, uint64_t below);

/* What may lie at an address of a stack. */
struct ct_local_search {
	uint64_t address, size;
	Dwarf_Die variable;
	uint64_t offset; /* in it */
	unsigned int parts;
	bool found, several; /* several: it is not known which variable */
};

/* Looks among the variables of the function that has this return address. `out` tells the first
 * that was found. */
void ct_binary_local(struct ct_binary *binary, uint64_t return_address,
		     struct ct_local_search *search, struct ct_symbol_data *out);

/* The file of the code that the first frame of a stack is in, or of static memory, and where in it
 * that is. NULL: not known. */
struct ct_binary *ct_symbols_code(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
				  uint64_t *out_return_address);
struct ct_binary *ct_symbols_memory(struct ct_symbols *symbols, uint32_t process, uint64_t address,
				    uint64_t time, uint64_t *out_address);

/* The same tables for the parts: read on first use, empty if they cannot be. */
const struct ct_elf_index *ct_binary_elf(struct ct_binary *binary);
struct ct_units *ct_binary_units(struct ct_binary *binary);

#endif
