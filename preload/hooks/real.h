#ifndef CT_HOOKS_REAL_H
#define CT_HOOKS_REAL_H
/*
 * The functions that the hooks stand before, found as the next of their name. versions.def is made
 * from hooks.def and libc (cmake/symbol_versions.py): it has the code for old programs.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

struct ct_real {
#define HOOK(SHAPE, EVENT, result, name, params, args, object) result(*name) params;
#include "hooks/hooks.def"
#define OLD(SHAPE, EVENT, result, name, alias, params, args, object, version) result(*alias) params;
#define PASS(result, name, alias, params, args, version) result(*alias) params;
#include "hooks/versions.def"
};

extern struct ct_real ct_real;

/* Finds all of them. One that this libc lacks is a function that says so (ENOSYS). */
void ct_real_resolve(void);
/* Finds the one that a member of ct_real is to point to: a hook may be called before any
 * constructor ran, and by what ct_real_resolve() itself calls. dlsym calls
 * free(): of that alone it may be called by who is looking for it, and does nothing then. */
void ct_real_find(void *member);

#define CT_REAL(name)                                                                              \
	(*(CT_LIKELY(ct_real.name) ? ct_real.name : (ct_real_find(&ct_real.name), ct_real.name)))

/* What stands between the parentheses of a row's parameters or arguments. */
#define CT_INSIDE(...) __VA_ARGS__

#endif
