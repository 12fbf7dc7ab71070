/*
 * Memory that locks lay in is used for other things without destroying them: a mapping is removed
 * and another one comes to lie there, a union holds one kind after the other, a structure is
 * overwritten by memset and by assignment. None of them is used any more by then.
 */
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/mman.h>

union any {
	pthread_mutex_t mutex;
	pthread_rwlock_t rwlock;
	pthread_cond_t cond;
	sem_t semaphore;
};

static void as_mutex(union any *any)
{
	pthread_mutex_init(&any->mutex, NULL);
	pthread_mutex_lock(&any->mutex);
	pthread_mutex_unlock(&any->mutex);
}

static void as_rwlock(union any *any)
{
	pthread_rwlock_init(&any->rwlock, NULL);
	pthread_rwlock_wrlock(&any->rwlock);
	pthread_rwlock_unlock(&any->rwlock);
}

static void as_semaphore(union any *any)
{
	sem_init(&any->semaphore, 0, 1);
	sem_wait(&any->semaphore);
	sem_post(&any->semaphore);
}

static void use(union any *any)
{
	as_mutex(any);
	pthread_mutex_destroy(&any->mutex);
	as_rwlock(any);
	as_semaphore(any);
	sem_destroy(&any->semaphore);
	as_mutex(any);
	memset(any, 0, sizeof *any);
	pthread_mutex_lock(&any->mutex); /* zeros: an initialised mutex */
	pthread_mutex_unlock(&any->mutex);
	any->mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&any->mutex);
	pthread_mutex_unlock(&any->mutex);
}

int main(void)
{
	union any local;
	static union any global;

	for (int i = 0; i < 3; i++) {
		union any *mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		use(&local);
		use(&global);
		use(mapped);
		as_mutex(mapped);
		munmap(mapped, 4096);
	}
	return 0;
}
