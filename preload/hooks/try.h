#ifndef CT_HOOKS_TRY_H
#define CT_HOOKS_TRY_H
/*
 * How the LOCK shapes try before they wait: CT_TRY_<function>(arguments) is 0 if the lock was got
 * at once. Whether a lock is contended then costs nothing to know; the program's result is the
 * same, since a try that succeeds is always a way in which the waiting call can come out.
 */
#include <errno.h>
#include <stdbool.h>

#include "hooks/real.h"
#include "record/recorder.h"

/* A mutex type whose trylock and lock agree whenever trylock succeeds, and whose trylock does
 * nothing else: not the error-checking, robust and priority types. */
static inline bool ct_mutex_may_try(const pthread_mutex_t *m)
{
	int kind = m->__data.__kind & 127;

	return kind == PTHREAD_MUTEX_TIMED_NP || kind == PTHREAD_MUTEX_RECURSIVE_NP ||
	       kind == PTHREAD_MUTEX_ADAPTIVE_NP;
}

static inline int ct_sem_try(sem_t *s)
{
	int saved = errno, result = CT_REAL(sem_trywait)(s);

	if (result)
		errno = saved;
	return result;
}

#define CT_TRY_pthread_mutex_lock(m)                                                               \
	(ct_mutex_may_try(m) ? CT_REAL(pthread_mutex_trylock)(m) : EBUSY)
#define CT_TRY___pthread_mutex_lock(m) CT_TRY_pthread_mutex_lock(m)
/* Only success matters of the result; a mtx_t is a mutex (c11.h). */
#define CT_TRY_mtx_lock(m)                                                                         \
	(ct_mutex_may_try((const pthread_mutex_t *)(m)) ? CT_REAL(mtx_trylock)(m) : thrd_busy)
#define CT_TRY_pthread_rwlock_rdlock(l) CT_REAL(pthread_rwlock_tryrdlock)(l)
#define CT_TRY_pthread_rwlock_wrlock(l) CT_REAL(pthread_rwlock_trywrlock)(l)
#define CT_TRY___pthread_rwlock_rdlock(l) CT_TRY_pthread_rwlock_rdlock(l)
#define CT_TRY___pthread_rwlock_wrlock(l) CT_TRY_pthread_rwlock_wrlock(l)
#define CT_TRY_pthread_spin_lock(s) CT_REAL(pthread_spin_trylock)(s)
/* sem_wait is a cancellation point even when it need not wait. */
#define CT_TRY_sem_wait(s) (pthread_testcancel(), ct_sem_try(s))

#endif
