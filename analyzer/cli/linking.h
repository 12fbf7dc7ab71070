#ifndef CT_CLI_LINKING_H
#define CT_CLI_LINKING_H
/*
 * What a program or shared library says of how it was compiled and linked.
 */
#include <stdbool.h>
#include <stdint.h>

struct ct_linking {
	char runtime[64];   /* the shared library that is ThreadSanitizer; empty: none */
	bool once, barrier; /* the file itself defines pthread_once, pthread_barrier_wait */
	bool for_races;	    /* by `conctrace cc`: it asks for what the recorder has for accesses */
	bool cplusplus, clang;
	uint32_t version; /* of that, or of what the file has for it; 0: none, or not known */
};

/* False: the file cannot be read. What is no ELF file says nothing. */
bool ct_linking_read(const char *path, struct ct_linking *out);

/* The compiler's usual command: "clang++". Static. */
const char *ct_linking_compiler(const struct ct_linking *linking);

#endif
