#ifndef CT_CLI_SANITIZER_H
#define CT_CLI_SANITIZER_H
/*
 * Programs that are linked with ThreadSanitizer's own runtime. It stands before the same functions
 * as the recorder does, which then switches itself off (preload/hooks/sanitizer.h).
 */
#include <stdbool.h>

struct ct_text;

/* Adds what is wrong with the program `path` and the command that mends it, as one phrase. False:
 * nothing that can be seen from the file. */
bool ct_sanitizer_obstacle(const char *path, struct ct_text *out);

#endif
