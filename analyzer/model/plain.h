#ifndef CT_MODEL_PLAIN_H
#define CT_MODEL_PLAIN_H
/*
 * Whether two accesses of machine code that met are a data race without doubt.
 *
 * Machine code does not tell a plain access from most atomic ones: a relaxed load is a mov, as any
 * other. What tells it: an instruction that no compiler makes of an atomic access; the type of the
 * variable, if DWARF knows it, together with the line of the source; a lock prefix. Wherever there
 * is a doubt the answer is "unknown". docs/trapped-races.md.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct ct_symbols;

enum ct_plainness {
	CT_PLAIN_UNKNOWN,
	CT_PLAIN_PROVEN, /* not atomic, and the program asked for it */
	CT_PLAIN_ATOMIC, /* it is atomic, or the memory is meant for such accesses */
};

/* One side of a meeting. */
struct ct_plain_access {
	uint32_t process;
	uint32_t stack; /* its first frame is an address within or right behind the instruction */
	uint64_t address, time;
	uint16_t size; /* 0: unknown */
	uint8_t kind;  /* CT_ACCESS_READ, CT_ACCESS_WRITE, and CT_CAUGHT_LOCKED, _LIBRARY */
};

struct ct_plain_verdict {
	bool told;	    /* false: nothing is to be said */
	bool observed;	    /* a data race without doubt; else potential */
	bool typed;	    /* debug data says that the memory is not atomic, and neither line says
			     * that it is */
	const char *reason; /* static, or NULL: what a potential one assumes ("neither access is
			     * atomic, ...") */
	enum ct_plainness sides[2];
};

/* Keeps what it read of sources and code; answers are kept by code place. */
struct ct_plain;
CT_MUST_CHECK enum ct_status ct_plain_new(struct ct_symbols *symbols, struct ct_plain **out_plain);
void ct_plain_free(struct ct_plain *plain); /* NULL is nothing */

/* Both sides touch common bytes, and at least one writes. What cannot be read or is damaged, and
 * memory that runs out, make an answer "unknown". */
void ct_plain_judge(struct ct_plain *plain, const struct ct_plain_access sides[2],
		    struct ct_plain_verdict *out);

#endif
