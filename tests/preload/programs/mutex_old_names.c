/* The names that programs linked to an old glibc may ask libc for. */
#include "calls_thread.h"

int old_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *a);
int old_mutex_lock(pthread_mutex_t *m);
int old_mutex_trylock(pthread_mutex_t *m);
int old_mutex_unlock(pthread_mutex_t *m);
int old_mutex_destroy(pthread_mutex_t *m);
int old_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *a);
int old_rwlock_rdlock(pthread_rwlock_t *l);
int old_rwlock_wrlock(pthread_rwlock_t *l);
int old_rwlock_tryrdlock(pthread_rwlock_t *l);
int old_rwlock_trywrlock(pthread_rwlock_t *l);
int old_rwlock_unlock(pthread_rwlock_t *l);
int old_rwlock_destroy(pthread_rwlock_t *l);
int old_once(pthread_once_t *o, void (*init)(void));

#ifdef __x86_64__
#define OLD(name) __asm__(".symver old_" #name ",__pthread_" #name "@GLIBC_2.2.5")

OLD(mutex_init);
OLD(mutex_lock);
OLD(mutex_trylock);
OLD(mutex_unlock);
OLD(mutex_destroy);
OLD(rwlock_init);
OLD(rwlock_rdlock);
OLD(rwlock_wrlock);
OLD(rwlock_tryrdlock);
OLD(rwlock_trywrlock);
OLD(rwlock_unlock);
OLD(rwlock_destroy);
OLD(once);

/* The call of an old name leaves the records of the new one. */
#define OLD_CALL(object, arg, name, arguments, result, records)                                    \
	do {                                                                                       \
		CALLS_IS(old_##name arguments, result);                                            \
		calls_expect("pthread_" #name, (uintptr_t)(object), arg, result, records);         \
	} while (0)

static void nothing(void)
{
}

int main(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_rwlock_t l;
	pthread_mutex_t m;

	OLD_CALL(&m, 0, mutex_init, (&m, NULL), 0, "-");
	OLD_CALL(&m, 0, mutex_lock, (&m), 0, "-");
	OLD_CALL(&m, 0, mutex_trylock, (&m), EBUSY, "try!");
	OLD_CALL(&m, 0, mutex_unlock, (&m), 0, "-");
	OLD_CALL(&m, 0, mutex_destroy, (&m), 0, "-");
	OLD_CALL(&l, 0, rwlock_init, (&l, NULL), 0, "-");
	OLD_CALL(&l, 0, rwlock_rdlock, (&l), 0, "-");
	OLD_CALL(&l, 0, rwlock_trywrlock, (&l), EBUSY, "try!");
	OLD_CALL(&l, 0, rwlock_unlock, (&l), 0, "-");
	OLD_CALL(&l, 0, rwlock_wrlock, (&l), 0, "-");
	OLD_CALL(&l, 0, rwlock_tryrdlock, (&l), EBUSY, "try!");
	OLD_CALL(&l, 0, rwlock_unlock, (&l), 0, "-");
	OLD_CALL(&l, 0, rwlock_destroy, (&l), 0, "-");
	OLD_CALL(&once, 0, once, (&once, nothing), 0, "request blocked");
	return calls_end();
}
#else
int main(void)
{
	return calls_end();
}
#endif
