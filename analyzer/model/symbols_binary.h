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

/* "pool.lock", or NULL. Borrowed from the arena. */
const char *ct_binary_variable(struct ct_binary *binary, uint64_t address);

/* The same tables for the parts: read on first use, empty if they cannot be. */
const struct ct_elf_index *ct_binary_elf(struct ct_binary *binary);
struct ct_units *ct_binary_units(struct ct_binary *binary);

#endif
