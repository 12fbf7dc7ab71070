/*
 * Who made the code at an address, and how.
 */
#ifndef CT_MODEL_SYMBOLS_COMPILER_H
#define CT_MODEL_SYMBOLS_COMPILER_H

#include "model/machine_code.h"
#include "model/symbols_binary.h"
#include "model/symbols_dwarf.h"

#include <time.h>

enum ct_language { CT_LANGUAGE_OTHER, CT_LANGUAGE_C, CT_LANGUAGE_CPLUSPLUS };

struct ct_compiler {
	enum ct_language language; /* of the code; by DWARF only */
	bool gcc;		   /* 5 or newer, and no other compiler */
	bool as_written;	   /* not optimised: each access is where the source has it */
	/* As by -Ofast: writes that the source does not make in that run. */
	bool invents_stores;
};

void ct_binary_compiler(struct ct_binary *binary, uint64_t address, struct ct_compiler *out);

/* The code of the function that the address is in. False: no DWARF, or no code, of it. The bytes
 * are borrowed from the file. */
bool ct_binary_code(struct ct_binary *binary, uint64_t address, struct ct_machine_code *out);

/* File `index` of those that the code's compilation unit was made of. False: there are no more.
 * *out_path: as in ct_frame, NULL if it is not told. */
bool ct_binary_source(struct ct_binary *binary, uint64_t address, size_t index,
		      const char **out_path);

/* When the file was last written to; 0: not known. */
time_t ct_binary_modified(const struct ct_binary *binary);

/* What the type of a variable says of some bytes in static memory. `out_name` (borrowed, NULL
 * unless PLAIN) is the variable's, or the last member's. */
enum ct_dwarf_atomicity ct_binary_atomicity(struct ct_binary *binary, uint64_t address,
					    uint64_t size, const char **out_name);

#endif
