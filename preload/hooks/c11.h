#ifndef CT_HOOKS_C11_H
#define CT_HOOKS_C11_H
/*
 * What C11 threads have of their own. In glibc a mtx_t is a mutex, a cnd_t a condition variable, a
 * thrd_t a pthread_t and a once_flag a once control of POSIX; only results differ.
 */
#include <errno.h>
#include <pthread.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t),
	       "the same objects");
_Static_assert(thrd_success == 0, "LOCK and friends take 0 for success");

/* The errno value of a result; thrd_error does not say why. */
static inline int ct_thrd_error(int result)
{
	switch (result) {
	case thrd_success:
		return 0;
	case thrd_busy:
		return EBUSY;
	case thrd_nomem:
		return ENOMEM;
	case thrd_timedout:
		return ETIMEDOUT;
	default:
		return EINVAL;
	}
}

#endif
