#ifndef CT_MODEL_MACHINE_CODE_H
#define CT_MODEL_MACHINE_CODE_H
/*
 * What the code of a function (x86-64) tells of one of its accesses to memory.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From its first instruction on. */
struct ct_machine_code {
	const uint8_t *bytes;
	size_t length;
	uint64_t start; /* address of the first byte */
};

struct ct_machine_access {
	/* In the same run of instructions without a jump there is a full fence or an atomic
	 * instruction after it: a sequentially consistent store may look so. */
	bool fenced;
	/* In that run the value read is stored (not to the stack, where the compiler keeps values
	 * of its own), used as an address, or called. */
	bool used;
	/* The run ends with a call, and the value read is where arguments are: the callee, or where
	 * its address is read from; 0: it is not. */
	uint64_t handed_to;
};

/* The access by the instruction that contains the byte before `address`. False: the code does not
 * decode up to there, or is longer than is looked at. */
bool ct_machine_access(const struct ct_machine_code *code, uint64_t address,
		       struct ct_machine_access *out);

#endif
