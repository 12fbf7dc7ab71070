#ifndef CT_CLI_CC_COMPILER_H
#define CT_CLI_CC_COMPILER_H
/*
 * Which compiler a command line calls: by its name, or else by the macros that it predefines.
 */
#include <stddef.h>

#include "base/status.h"
#include "cli/cc_flags.h"

struct ct_cc_found {
	enum ct_cc_compiler compiler;
	size_t words; /* that name it: more than 1 behind a launcher, as "ccache gcc" */
};

/* CT_ENOTFOUND: there is no such program; CT_EUSAGE: it is neither gcc nor clang. */
CT_MUST_CHECK enum ct_status ct_cc_find_compiler(char *const *argv, struct ct_cc_found *out,
						 struct ct_error *error);

#endif
