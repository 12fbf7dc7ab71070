#ifndef CT_ACCESS_TRAP_COPIES_H
#define CT_ACCESS_TRAP_COPIES_H
/*
 * Copies of the sites' instructions, each with a jump back behind the original: a thread whose
 * trap was taken runs the copy, and the trap stays where it is. They lie near the module, since
 * both its data and the way back are reached by distances of 31 bits.
 */
#include <stdbool.h>

#include "access/trap/module.h"
#include "access/trap/site.h"

enum { CT_COPY_SIZE = 32 }; /* the longest instruction and the jump fit */

/* Makes the copies of code->count sites and says in each where it is. */
bool ct_copies_make(const struct ct_module *module, struct ct_site *sites, struct ct_code *code,
		    enum ct_trap_aside *why);
void ct_copies_free(struct ct_code *code);

/* The processor's part: writes the copy that is going to run at site->copy. False: something is too
 * far from there. */
bool ct_copy_write(const struct ct_site *site, uint8_t out[CT_COPY_SIZE]);
/* How far from the module its copies may be. */
uintptr_t ct_copy_reach(void);

#endif
