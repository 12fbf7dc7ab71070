#ifndef CT_CLI_CC_LINE_H
#define CT_CLI_CC_LINE_H
/*
 * What a compiler's command line asks for, by the rules of the drivers gcc and clang.
 * Where this is mistaken, as with a -c that hides in a response file, nothing breaks: a compile
 * step ignores what only the linker needs.
 * Source: GCC manual, "Overall Options", "Link Options"; clang's Options.td.
 */
#include <stdbool.h>

struct ct_cc_line {
	bool has_input;	   /* a file, or standard input; else nothing is compiled: --version, -v */
	bool links;	   /* ends in a program or shared library */
	bool is_static;	   /* which could not be preloaded */
	const char *other; /* the option that asks for another processor than x86-64, or NULL */
	bool gold;	   /* the linker whose --wrap takes calls of shared libraries, too */
};

/* `words`: NULL-terminated, without the compiler itself. */
void ct_cc_line_read(char *const *words, struct ct_cc_line *out);

#endif
