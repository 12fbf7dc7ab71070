#ifndef CT_HOOKS_DESTROYED_H
#define CT_HOOKS_DESTROYED_H
/*
 * What the bytes of an object say of its end: CT_DESTROYED(object) is CT_F_DESTROYED if it was
 * destroyed, and neither an initialiser nor other data was written there since; else 0. So a static
 * initialiser that is assigned, which no function is called for, is never missed.
 *
 *   mutex    glibc's pthread_mutex_destroy sets the kind to -1
 *   cond     glibc's pthread_cond_destroy sets a bit of the count of waiters
 *   rwlock   glibc leaves no trace: ct_rwlock_mark writes one where glibc has padding
 *
 * One load of a line that the call itself is about to touch; other types cost nothing.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <threads.h>

#include "format/ct_format.h"
#include "record/recorder.h"
#include "record/thread.h"
#include "sys/kernel.h"

#define CT_COND_DESTROYED 4u
#define CT_RWLOCK_DESTROYED 0x64657374u /* its complement in the other half of the padding */

static inline uint16_t ct_mutex_destroyed(uintptr_t mutex)
{
	const pthread_mutex_t *m = (const void *)mutex;

	return __atomic_load_n(&m->__data.__kind, __ATOMIC_RELAXED) == -1 ? CT_F_DESTROYED : 0;
}

static inline uint16_t ct_cond_destroyed(uintptr_t cond)
{
	const pthread_cond_t *c = (const void *)cond;

	return __atomic_load_n(&c->__data.__wrefs, __ATOMIC_RELAXED) & CT_COND_DESTROYED
		       ? CT_F_DESTROYED
		       : 0;
}

static inline uint16_t ct_rwlock_destroyed(uintptr_t rwlock)
{
	const pthread_rwlock_t *l = (const void *)rwlock;

	return __atomic_load_n(&l->__data.__pad3, __ATOMIC_RELAXED) == CT_RWLOCK_DESTROYED &&
			       __atomic_load_n(&l->__data.__pad4, __ATOMIC_RELAXED) ==
				       ~CT_RWLOCK_DESTROYED
		       ? CT_F_DESTROYED
		       : 0;
}

/* Marks it, and tells what was there. glibc does not touch a lock that it destroys, so the
 * program's may lie where nothing can be read or written, and still be no reason to crash. */
static inline uint16_t ct_rwlock_mark(pthread_rwlock_t *l)
{
	uintptr_t padding = (uintptr_t)&l->__data.__pad3;
	uint16_t destroyed;

	if (ct_self == &ct_recorder_off) /* it may not call the kernel */
		return 0;
	destroyed = ct_sys_readable(padding) ? ct_rwlock_destroyed((uintptr_t)l) : 0;
	if (!ct_sys_overwrite(padding))
		return destroyed;
	__atomic_store_n(&l->__data.__pad3, CT_RWLOCK_DESTROYED, __ATOMIC_RELAXED);
	__atomic_store_n(&l->__data.__pad4, ~CT_RWLOCK_DESTROYED, __ATOMIC_RELAXED);
	return destroyed;
}

/* By the type of the hook's parameter; a mtx_t is a mutex, a cnd_t a condition variable (c11.h). */
#define CT_DESTROYED(object)                                                                       \
	_Generic((object), pthread_mutex_t *                                                       \
		 : ct_mutex_destroyed((uintptr_t)(object)), mtx_t *                                \
		 : ct_mutex_destroyed((uintptr_t)(object)), pthread_cond_t *                       \
		 : ct_cond_destroyed((uintptr_t)(object)), cnd_t *                                 \
		 : ct_cond_destroyed((uintptr_t)(object)), pthread_rwlock_t *                      \
		 : ct_rwlock_destroyed((uintptr_t)(object)), default : 0)

/* The same where a lock succeeded, or is given back: glibc does that with a read-write lock, but
 * not with a mutex that was destroyed. */
#define CT_DESTROYED_AND_LOCKED(object)                                                            \
	_Generic((object), pthread_rwlock_t *                                                      \
		 : ct_rwlock_destroyed((uintptr_t)(object)), default : 0)

_Static_assert(offsetof(pthread_rwlock_t, __data.__pad4) ==
		       offsetof(pthread_rwlock_t, __data.__pad3) + sizeof(uint32_t),
	       "one word, which ct_sys_overwrite tries");

/* A shape of shapes.h. */
#define CT_SHAPE_DESTROY(EVENT, name, params, args, object)                                        \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		ct_sync(CT_EV_##EVENT, (uintptr_t)(object), CT_CALLER);                            \
		ct_call_event(CT_EV_##EVENT, ct_rwlock_mark(object), (uintptr_t)(object), 0,       \
			      CT_CALLER);                                                          \
		return CT_REAL(name) args;                                                         \
	}

#endif
