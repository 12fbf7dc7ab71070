#ifndef CT_HOOKS_REAL_H
#define CT_HOOKS_REAL_H
/* The functions that the hooks stand before, found as the next of their name. */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
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
#define HOOK(SHAPE, EVENT, result, name, params, args, object, version) result(*name) params;
#define NOT_SEEN(FAMILY, name, why)
#include "hooks/hooks.def"
#undef HOOK
#undef NOT_SEEN
};

extern struct ct_real ct_real;

/* Finds all of them; may be called again, and before any constructor ran. */
void ct_real_resolve(void);

#define CT_REAL(name)                                                                              \
	(*(CT_LIKELY(ct_real.name) ? ct_real.name : (ct_real_resolve(), ct_real.name)))

#endif
