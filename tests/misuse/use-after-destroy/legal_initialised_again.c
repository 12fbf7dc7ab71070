/*
 * Destroyed and begun again in all ways: by the function, by a static initialiser that is
 * assigned, and by zeros, which are a static initialiser in glibc. Nobody is told of the last two.
 */
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore;
static pthread_spinlock_t spin;

static void use_all(void)
{
	struct timespec past = {1, 0};

	pthread_rwlock_rdlock(&rwlock);
	pthread_mutex_lock(&mutex);
	pthread_cond_timedwait(&changed, &mutex, &past);
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_unlock(&rwlock);
}

static void destroy_all(void)
{
	pthread_mutex_destroy(&mutex);
	pthread_cond_destroy(&changed);
	pthread_rwlock_destroy(&rwlock);
}

static void use_semaphore(void)
{
	sem_init(&semaphore, 0, 1);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	sem_wait(&semaphore);
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
	sem_post(&semaphore);
	pthread_spin_destroy(&spin);
	sem_destroy(&semaphore);
}

int main(void)
{
	use_all();
	destroy_all();
	pthread_mutex_init(&mutex, NULL);
	pthread_cond_init(&changed, NULL);
	pthread_rwlock_init(&rwlock, NULL);
	use_all();
	destroy_all();
	mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	rwlock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
	use_all();
	destroy_all();
	memset(&mutex, 0, sizeof mutex);
	memset(&changed, 0, sizeof changed);
	memset(&rwlock, 0, sizeof rwlock);
	destroy_all(); /* of what was never used */
	memset(&mutex, 0, sizeof mutex);
	memset(&changed, 0, sizeof changed);
	memset(&rwlock, 0, sizeof rwlock);
	use_all();
	use_semaphore();
	use_semaphore();
	return 0;
}
