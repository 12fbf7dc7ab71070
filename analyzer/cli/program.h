#ifndef CT_CLI_PROGRAM_H
#define CT_CLI_PROGRAM_H
/*
 * Which file a program is, and whether a library can be preloaded into it.
 * Source: execvp(3), ld.so(8) ("secure-execution mode").
 */
#include <stdbool.h>

#include "base/text.h"
#include "cli/elf_file.h"

/* Looks a program up as execvp() does. False, with errno: there is none that can be executed. */
bool ct_program_find(const char *program, struct ct_text *out_path);

/* Follows the interpreters of scripts from `path` to the file that is run in the end. False: one of
 * them cannot be read; path is its name. */
bool ct_program_resolve(struct ct_text *path, struct ct_file_head *out);

/* Adds what stands in the way of preloading, as one phrase: "./a is statically linked; ...". False:
 * nothing that can be seen from the file. */
bool ct_program_obstacle(const char *path, const struct ct_file_head *head, struct ct_text *out);

/* The one obstacle that must be looked for before `program`, looked up as execvp() does, is run:
 * cli/sanitizer.h. */
bool ct_program_sanitized(const char *program, struct ct_text *out);

/* Whether it was built for another version of `library` (libconctrace.so): cli/stub.h. */
bool ct_program_outdated(const char *program, const char *library, struct ct_text *out);

/* Whether it was not built by `conctrace cc`, though it could be; `out`: how to. */
bool ct_program_not_compiled(const char *program, struct ct_text *out);

#endif
