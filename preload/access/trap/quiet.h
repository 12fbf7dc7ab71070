#ifndef CT_ACCESS_TRAP_QUIET_H
#define CT_ACCESS_TRAP_QUIET_H
/* Memory on which nobody races with the calling thread, as far as can be told from its address:
 * its own stack, its thread-local storage, and what cannot be written to. */
#include <stdbool.h>
#include <ucontext.h>

#include "access/trap/site.h"

/* Looks at the modules that are loaded. Outside of signal handlers. */
void ct_quiet_init(void);
/* Async-signal-safe. */
bool ct_quiet(const struct ct_site_access *access, const ucontext_t *context);

#endif
