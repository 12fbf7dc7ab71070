#ifndef CT_ACCESS_TRAP_MODULE_H
#define CT_ACCESS_TRAP_MODULE_H
/*
 * A loaded file, as far as traps in its code depend on it: where its segments are, and from the
 * file itself, if it can be read, which of their parts are code.
 */
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_range {
	uintptr_t start, end;
};

enum { CT_MODULE_RANGES = 16 };

struct ct_module {
	const char *path;      /* borrowed from the loader; "" of the main program */
	uintptr_t base;	       /* what is added to addresses in the file */
	struct ct_range whole; /* all segments and what is between them */
	struct ct_range index; /* .eh_frame_hdr; empty: there is none */
	bool is_program;
	bool has_rseq;	     /* restartable sequences */
	bool knows_sections; /* `code` are sections; else segments, with constants in them */
	unsigned code_count, constant_count;
	struct ct_range code[CT_MODULE_RANGES];
	struct ct_range constants[CT_MODULE_RANGES]; /* nobody writes to, once main() has begun */
	const ElfW(Phdr) * headers;
	size_t header_count;
};

/* Finds the modules that `which` names as ct_sites_find() has it; how many. */
size_t ct_modules_find(const char *which, size_t most, struct ct_module *out);
/* Looks into the module's file: what is `knows_sections` and `has_rseq` in it. */
void ct_module_read_sections(struct ct_module *module);

bool ct_module_is_constant(const struct ct_module *module, uintptr_t address);
bool ct_module_is_code(const struct ct_module *module, uintptr_t address);

#endif
