#ifndef CT_ACCESS_TRAP_DECODE_H
#define CT_ACCESS_TRAP_DECODE_H
/*
 * One instruction after the other, as far as finding sites needs to know them. What is behind it is
 * the processor's: decode_x86_64.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access/trap/site.h"

enum ct_instruction_flags {
	CT_INSTRUCTION_SITE = 1 << 0,	/* `site` is one, if it does not lead to constants */
	CT_INSTRUCTION_MEMORY = 1 << 1, /* may access memory, or goes elsewhere */
	CT_INSTRUCTION_FENCE = 1 << 2,
	CT_INSTRUCTION_SYSTEM_CALL = 1 << 3,
	CT_INSTRUCTION_SETS_FRAME = 1 << 4, /* makes the frame pointer what it is called */
	CT_INSTRUCTION_JUMPS = 1 << 5,	    /* to `target` */
	CT_INSTRUCTION_REFERS = 1 << 6,	    /* to `target`, as to data */
	CT_INSTRUCTION_PREFIXED = 1 << 7,   /* programs jump behind its first byte, a lock prefix */
};

struct ct_instruction {
	uint32_t flags;	  /* enum ct_instruction_flags */
	uint32_t length;  /* in bytes */
	uintptr_t target; /* see the flags */
	struct ct_site site;
};

struct ct_decoder {
	/* Functions of the library that decodes, and a state that is its own. */
	void (*instruction)(void), (*operands)(void);
	uint64_t state[4];
};

/* False: there is nothing to decode with. */
bool ct_decoder_init(struct ct_decoder *out);

/* The instruction at `code`, of which `size` bytes may be read. False: it is none that a program's
 * functions consist of, so what is decoded there may not be code. */
bool ct_decode(const struct ct_decoder *decoder, const uint8_t *code, size_t size,
	       struct ct_instruction *out);

/* Whether the base of the site's address is the register that is used for frame pointers. */
bool ct_decode_is_over_frame(const struct ct_site *site);

/* The next place from `code` on, before `end`, where the bytes of a system call stand, be it within
 * another instruction; `end`: there is none. */
const uint8_t *ct_decode_system_call(const uint8_t *code, const uint8_t *end);

#endif
