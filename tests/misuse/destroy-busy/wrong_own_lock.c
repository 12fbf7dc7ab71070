/*
 * Who destroys what he holds himself: a mutex, a read-write lock, a spin lock, a mutex of C11.
 *
 * expect: destroy-busy mutex destroy_all lock_all
 * expect: destroy-busy rwlock destroy_all lock_all
 * expect: destroy-busy spin destroy_all lock_all init_all
 * expect: destroy-busy plain destroy_all lock_all init_all
 */
#include <pthread.h>
#include <threads.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static mtx_t plain;

static void init_all(void)
{
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	mtx_init(&plain, mtx_plain);
}

static void lock_all(void)
{
	pthread_mutex_lock(&mutex);
	pthread_rwlock_rdlock(&rwlock);
	pthread_spin_lock(&spin);
	mtx_lock(&plain);
}

static void destroy_all(void)
{
	pthread_mutex_destroy(&mutex);
	pthread_rwlock_destroy(&rwlock);
	pthread_spin_destroy(&spin);
	mtx_destroy(&plain);
}

int main(void)
{
	init_all();
	lock_all();
	destroy_all();
	return pthread_mutex_unlock(&mutex); /* which glibc did not destroy */
}
