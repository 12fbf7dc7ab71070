/* Initialisers of sync objects: what kind the object is goes into the event. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "hooks/c11.h"
#include "hooks/call.h"
#include "hooks/real.h"
#include "record/defs.h"
#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

static int finish(uint16_t event, const volatile void *object, uint64_t arg, int error,
		  uintptr_t pc, uintptr_t sp)
{
	if (error) {
		ct_call_failed(event, 0, (uintptr_t)object, error, pc, sp);
		return error;
	}
	ct_pages_mark((uintptr_t)object);
	ct_call_event(event, 0, (uintptr_t)object, arg, pc, sp);
	return 0;
}

CT_EXPORT int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *a)
{
	int type = PTHREAD_MUTEX_DEFAULT, shared = 0, robust = 0, protocol = 0;
	int error = CT_REAL(pthread_mutex_init)(m, a);

	if (a) {
		pthread_mutexattr_gettype(a, &type);
		pthread_mutexattr_getpshared(a, &shared);
		pthread_mutexattr_getrobust(a, &robust);
		pthread_mutexattr_getprotocol(a, &protocol);
	}
	return finish(CT_EV_MUTEX_INIT, m,
		      (unsigned)(type | shared << 8 | robust << 9 | protocol << 10), error,
		      CT_CALLER);
}

/* What programs linked to an old glibc may ask for: there, too, another name of the same. */
CT_EXPORT __typeof__(pthread_mutex_init) __pthread_mutex_init __THROW
	__attribute__((alias("pthread_mutex_init")));

CT_EXPORT int mtx_init(mtx_t *m, int type)
{
	int kind = type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_TIMED_NP;
	int result = CT_REAL(mtx_init)(m, type);

	finish(CT_EV_MTX_INIT, m, (unsigned)kind, ct_thrd_error(result), CT_CALLER);
	return result;
}

CT_EXPORT int pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *a)
{
	int kind = PTHREAD_RWLOCK_DEFAULT_NP, shared = 0;
	int error = CT_REAL(pthread_rwlock_init)(l, a);

	if (a) {
		pthread_rwlockattr_getkind_np(a, &kind);
		pthread_rwlockattr_getpshared(a, &shared);
	}
	return finish(CT_EV_RWLOCK_INIT, l, (unsigned)(kind | shared << 8), error, CT_CALLER);
}

CT_EXPORT __typeof__(pthread_rwlock_init) __pthread_rwlock_init __THROW
	__attribute__((alias("pthread_rwlock_init")));

CT_EXPORT int pthread_spin_init(pthread_spinlock_t *s, int pshared)
{
	int error = CT_REAL(pthread_spin_init)(s, pshared);

	return finish(CT_EV_SPIN_INIT, s, (unsigned)pshared << 8, error, CT_CALLER);
}

CT_EXPORT int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *a)
{
	int shared = 0, error = CT_REAL(pthread_cond_init)(c, a);

	if (a)
		pthread_condattr_getpshared(a, &shared);
	return finish(CT_EV_COND_INIT, c, (unsigned)shared << 8, error, CT_CALLER);
}

CT_EXPORT int cnd_init(cnd_t *c)
{
	int result = CT_REAL(cnd_init)(c);

	finish(CT_EV_CND_INIT, c, 0, ct_thrd_error(result), CT_CALLER);
	return result;
}

CT_EXPORT int pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *a,
				   unsigned count)
{
	int shared = 0, error = CT_REAL(pthread_barrier_init)(b, a, count);

	if (a)
		pthread_barrierattr_getpshared(a, &shared);
	return finish(CT_EV_BARRIER_INIT, b, count | (uint64_t)(unsigned)shared << 32, error,
		      CT_CALLER);
}

CT_EXPORT int sem_init(sem_t *s, int pshared, unsigned value)
{
	int result = CT_REAL(sem_init)(s, pshared, value);

	finish(CT_EV_SEM_INIT, s, value | (uint64_t)(pshared != 0) << 32, ct_errno_of(result),
	       CT_CALLER);
	return result;
}

/* A named semaphore is a file in /dev/shm: that file is its identity in every process. */
static void define_named(const char *name, sem_t *s)
{
	struct ct_process *process = ct_recorder_process();
	char path[512];
	struct ct_line line;
	struct stat info;

	ct_line_init(&line, path, sizeof(path));
	ct_line_add(&line, "/dev/shm/sem.");
	ct_line_add(&line, name + strspn(name, "/"));
	if (!process || line.cut || ct_sys_stat(path, &info) < 0)
		return;
	ct_defs_map(process, s, sizeof(*s), info.st_dev, info.st_ino, 0);
	ct_defs_object_name(process, s, name);
}

CT_EXPORT sem_t *sem_open(const char *name, int flags, ...)
{
	sem_t *s;
	int saved, value = 0;

	if (flags & O_CREAT) {
		va_list list;

		va_start(list, flags);
		mode_t mode = va_arg(list, mode_t);
		unsigned initial = va_arg(list, unsigned);

		va_end(list);
		s = CT_REAL(sem_open)(name, flags, mode, initial);
	} else {
		s = CT_REAL(sem_open)(name, flags);
	}
	saved = errno;
	if (s == SEM_FAILED) {
		ct_call_failed(CT_EV_SEM_OPEN, 0, 0, saved, CT_CALLER);
	} else {
		sem_getvalue(s, &value);
		define_named(name, s);
		finish(CT_EV_SEM_OPEN, s, (unsigned)value | (uint64_t)1 << 32, 0, CT_CALLER);
	}
	errno = saved;
	return s;
}
