#ifndef CT_HOOKS_REAL_H
#define CT_HOOKS_REAL_H
/* The functions that the hooks stand before, found as the next of their name. */
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct ct_real {
#define HOOK(SHAPE, EVENT, result, name, params, args, object, version) result(*name) params;
#include "hooks/hooks.def"
#undef HOOK
};

extern struct ct_real ct_real;

/* Finds all of them; may be called again, and before any constructor ran. */
void ct_real_resolve(void);

#define CT_REAL(name)                                                                              \
	(*(CT_LIKELY(ct_real.name) ? ct_real.name : (ct_real_resolve(), ct_real.name)))

#endif
