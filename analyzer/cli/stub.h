#ifndef CT_CLI_STUB_H
#define CT_CLI_STUB_H
/*
 * Programs that `conctrace cc` of another version built: their part of the recorder and the library
 * do not understand one another, and accesses to memory are not recorded.
 */
#include <stdbool.h>

struct ct_text;

/* Adds what is wrong with the program `path` and what mends it, as one phrase. False: it is built
 * for `library` (libconctrace.so), or not for races. */
bool ct_stub_outdated(const char *path, const char *library, struct ct_text *out);

#endif
