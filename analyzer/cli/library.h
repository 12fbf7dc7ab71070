#ifndef CT_CLI_LIBRARY_H
#define CT_CLI_LIBRARY_H
/*
 * Where libconctrace.so is, and why it may not have been loaded; and what programs
 * are linked with for it.
 */
#include "base/status.h"

struct ct_text;

/* The absolute path for LD_PRELOAD: what CONCTRACE_LIBRARY says; else, for a conctrace that runs
 * from its build folder, the one built with it; else the installed one. CT_ENOTFOUND. */
CT_MUST_CHECK enum ct_status ct_library_find(struct ct_text *out_path, struct ct_error *error);

/* The folder of what programs are linked with so that their memory accesses can be recorded:
 * libconctrace-race.a and its companions. CT_ENOTFOUND; CT_EUSAGE. */
CT_MUST_CHECK enum ct_status ct_library_find_race(struct ct_text *out_folder,
						  struct ct_error *error);

/* Adds why the loader could not preload a library into `program`, looked up as execvp() does: one
 * phrase, "it is statically linked"; the reason "unknown" is a phrase, too. */
void ct_library_why_not(const char *program, struct ct_text *out);

#endif
