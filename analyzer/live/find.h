#ifndef CT_LIVE_FIND_H
#define CT_LIVE_FIND_H
/*
 * The trace folder that a running process writes.
 */
#include <sys/types.h>

#include "base/status.h"

struct ct_text;

/* Told by the live pages that it has mapped. CT_ENOTFOUND: there is no such process, or nobody
 * records it; CT_EIO: it may not be looked into. */
CT_MUST_CHECK enum ct_status ct_find_trace(pid_t pid, struct ct_text *out, struct ct_error *error);

#endif
