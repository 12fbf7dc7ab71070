#ifndef CT_ACCESS_TRAP_SITE_H
#define CT_ACCESS_TRAP_SITE_H
/*
 * The instructions that get a trap, and all that depends on the processor: which they are (decoded
 * once, by Zydis), what they access, and a copy of each that can run elsewhere. Another
 * architecture is another *_<architecture>.c beside those here.
 *
 * A site is an instruction of which it is certain where it begins: its function is listed in the
 * unwind tables and decodes from its first byte to its last. Left out are accesses relative to the
 * stack pointer (or to a frame pointer), to thread-local memory, to constants, and what cannot run
 * elsewhere.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "format/ct_trap.h"

enum ct_site_flags {
	CT_SITE_READS = 1 << 0,
	CT_SITE_WRITES = 1 << 1,
	CT_SITE_LOCKED = 1 << 2, /* an atomic instruction: lock prefix, or xchg with memory */
	CT_SITE_REPEATED =
		1 << 3,		 /* rep: as often as its counter says, and upwards or not at all */
	CT_SITE_COPIES = 1 << 4, /* movs: it also reads from `source` */
	CT_SITE_FENCED = 1 << 5, /* the next instruction is a full fence: a sequentially
				  * consistent atomic store may look so */
};

/* Registers by their index in gregs of ucontext_t; these are none. */
enum { CT_SITE_NO_REGISTER = 0x7f };

struct ct_site {
	uintptr_t address;    /* of the instruction */
	uintptr_t copy;	      /* where its copy begins */
	uintptr_t absolute;   /* address that is accessed, if it needs no register; else 0 */
	int32_t displacement; /* to the registers */
	uint16_t size;	      /* bytes accessed at once */
	uint8_t length;	      /* of the instruction */
	uint8_t flags;	      /* enum ct_site_flags */
	uint8_t base, index, scale;
	uint8_t relative; /* where in it a distance from its end stands; 0: it has none */
	uint8_t original; /* first byte, where the trap is */
	/* For the engine: */
	uint8_t planted; /* 1: the trap is there */
	uint8_t hits;
};

enum { CT_SITE_MODULES = 16 };

struct ct_sites {
	struct ct_site *items; /* by address */
	size_t count;
	size_t items_size; /* of the memory they are in */
	uint32_t modules;  /* that have sites */
	struct ct_code {
		uintptr_t start, end; /* page-aligned; executable memory of a module with sites */
		size_t first, count;  /* its sites */
		uintptr_t copies; /* of their instructions: executable, near the code, in order */
		size_t copies_size;
	} code[CT_SITE_MODULES];
};

/* What one execution of an instruction accesses. */
struct ct_site_access {
	uintptr_t address;
	uint32_t size;
	uint8_t flags; /* CT_SITE_READS, CT_SITE_WRITES, CT_SITE_LOCKED */
};

/*
 * Finds the sites of the main program, or of the modules that `which` names ("main", "all": all but
 * those of libc, the loader, the C++ runtime and ourselves; or file names with commas between), and
 * makes their copies. At most `most` sites, of functions chosen at random, if there are more.
 * Allocates by mmap only; may call dlopen. False: *why says why not; nothing is left behind.
 */
bool ct_sites_find(const char *which, size_t most, struct ct_sites *out, enum ct_trap_aside *why);
void ct_sites_free(struct ct_sites *sites);

/* Async-signal-safe, all below. */

/* The site of the instruction at an address, NULL: none. */
struct ct_site *ct_sites_at(const struct ct_sites *sites, uintptr_t address);
/* The one that ends at an address, NULL: none. */
struct ct_site *ct_sites_before(const struct ct_sites *sites, uintptr_t address);
/* The one in whose copy an address lies, NULL: none. *out_done: its instruction has been executed
 * (the address is at the jump back). */
struct ct_site *ct_sites_of_copy(const struct ct_sites *sites, uintptr_t address, bool *out_done);
/* Whether code with sites lies there. */
bool ct_sites_has_code(const struct ct_sites *sites, uintptr_t address, size_t size);

/* What the instruction is about to access, with the registers of `context`: 0, 1 or 2 accesses. */
unsigned ct_site_accesses(const struct ct_site *site, const ucontext_t *context,
			  struct ct_site_access out[2]);

/* The byte of a trap, how far the instruction pointer is behind it in a SIGTRAP, and how it is read
 * and set. */
enum { CT_TRAP_BYTE = 0xcc, CT_TRAP_LENGTH = 1 };
uintptr_t ct_context_pc(const ucontext_t *context);
uintptr_t ct_context_sp(const ucontext_t *context);
void ct_context_set_pc(ucontext_t *context, uintptr_t pc);

#endif
