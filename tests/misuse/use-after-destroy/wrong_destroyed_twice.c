/*
 * Two owners, and each of them destroys everything.
 *
 * expect: use-after-destroy mutex second_owner first_owner error
 * expect: use-after-destroy changed second_owner first_owner
 * expect: use-after-destroy rwlock second_owner first_owner
 * expect: use-after-destroy spin second_owner first_owner init_it
 * expect: use-after-destroy semaphore second_owner first_owner init_it
 * expect: use-after-destroy plain second_owner first_owner
 */
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static sem_t semaphore;
static mtx_t plain;

static void init_it(void)
{
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	sem_init(&semaphore, 0, 0);
	mtx_init(&plain, mtx_plain);
}

static void destroy_all(void)
{
	pthread_mutex_destroy(&mutex);
	pthread_cond_destroy(&changed);
	pthread_rwlock_destroy(&rwlock);
	pthread_spin_destroy(&spin);
	sem_destroy(&semaphore);
	mtx_destroy(&plain);
}

static void *first_owner(void *unused)
{
	destroy_all();
	return unused;
}

static void second_owner(void)
{
	destroy_all();
}

int main(void)
{
	pthread_t thread;

	init_it();
	pthread_create(&thread, NULL, first_owner, NULL);
	pthread_join(thread, NULL);
	second_owner();
	return 0;
}
