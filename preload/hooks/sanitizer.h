#ifndef CT_HOOKS_SANITIZER_H
#define CT_HOOKS_SANITIZER_H
#include <stdbool.h>

/* Whether ThreadSanitizer's own runtime is in this process. It stands before the same functions of
 * libc and starts threads' records of its own: what would be recorded is its calls, not the
 * program's, so nothing is. analyzer/cli/sanitizer.h tells the user beforehand. */
bool ct_sanitizer_present(void);

#endif
