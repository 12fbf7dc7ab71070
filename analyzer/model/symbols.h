#ifndef CT_MODEL_SYMBOLS_H
#define CT_MODEL_SYMBOLS_H
/*
 * Addresses as a person reads them: function, file and line, inlined frames, variable names.
 * From the ELF and DWARF of the files that ran, through libdw; a file whose build-id is not the
 * one that ran is not used, and a warning says so once. Strings are owned by the symbolizer.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "reader/reader.h"

struct ct_frame {
	const char *function; /* NULL: unknown */
	const char *file;     /* NULL: unknown; as the compiler was told, made absolute */
	int line;	      /* 0: unknown */
	const char *module;   /* path, or NULL */
	uint64_t offset;      /* into the module, or the address itself */
	int inlined;	      /* 1: no frame of its own, inlined into the next */
};

struct ct_symbols;
CT_MUST_CHECK enum ct_status ct_symbols_new(const struct ct_trace *trace,
					    struct ct_symbols **out_symbols);
void ct_symbols_free(struct ct_symbols *symbols);

/* The frames of a stack, innermost first, inlined ones expanded, the recorder's left out. Returns
 * their number and sets *out_frames (borrowed, valid as long as the symbolizer); 0 when nothing is
 * known. The frames' addresses are return addresses: the line is that of the call. */
size_t ct_symbols_stack(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
			const struct ct_frame **out_frames);

/* Name of the variable at a data address ("accounts", "pool.lock" where DWARF tells the member),
 * or NULL; at that time, as memory of an unloaded library may be anything's later. */
const char *ct_symbols_variable(struct ct_symbols *symbols, uint32_t process, uint64_t address,
				uint64_t time);

/* The file whose static memory is at a data address at that time, and where in it; or NULL. */
const char *ct_symbols_file(struct ct_symbols *symbols, uint32_t process, uint64_t address,
			    uint64_t time, uint64_t *out_offset);

/* What is known of the bytes at an address. Strings are the symbolizer's; NULL: unknown. */
struct ct_symbol_data {
	const char *name;	/* "accounts[3].balance"; NULL: the whole is not known either */
	const char *type;	/* of what is named: "long" */
	const char *fields;	/* "ready, done": bit-fields that share the bytes */
	const char *function;	/* that it is a variable of, if that is on a stack */
	const char *file;	/* where the variable is defined, as in ct_frame */
	int line;		/* 0: unknown */
	uint64_t offset, whole; /* of the bytes in what is named, and its size; whole 0: unknown */
};

/* The same for `size` bytes that were read or written, and more of it. False: nothing is known. */
bool ct_symbols_data(struct ct_symbols *symbols, uint32_t process, uint64_t address, uint64_t size,
		     uint64_t time, struct ct_symbol_data *out);

/* What is at `offset` in a block of the heap: "node.next" if in the innermost function of `stack`
 * that knows any type of that size, pointers lead to one such type only. */
bool ct_symbols_block(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		      uint64_t block_size, uint64_t offset, uint64_t size,
		      struct ct_symbol_data *out);

/* What is at an address of a stack: a guess. `stack` is one that the thread had whose stack it is;
 * true if of the variables that can be named there only one can be it by size and alignment. */
bool ct_symbols_local(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		      uint64_t address, uint64_t size, struct ct_symbol_data *out);

/* The thread-local variable of the program itself (not of a library) at an address, of the thread
 * that has this thread pointer (its pthread_t), or NULL. */
const char *ct_symbols_thread_local(struct ct_symbols *symbols, uint32_t process, uint64_t pointer,
				    uint64_t address, uint64_t time);

/* Warnings so far ("build/demo: the file changed since it ran (build-id differs)"). */
size_t ct_symbols_warnings(const struct ct_symbols *symbols, const char *const **out_lines);

#endif
