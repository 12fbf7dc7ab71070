/*
 * Initialises and destroys everything again and again, in the same places.
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex;
static pthread_cond_t changed;
static pthread_rwlock_t rwlock;
static pthread_spinlock_t spin;
static pthread_barrier_t barrier;
static sem_t semaphore;

static void init_all(void)
{
	pthread_mutex_init(&mutex, NULL);
	pthread_cond_init(&changed, NULL);
	pthread_rwlock_init(&rwlock, NULL);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	pthread_barrier_init(&barrier, NULL, 1);
	sem_init(&semaphore, 0, 1);
}

static void use_all(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
	pthread_barrier_wait(&barrier);
	sem_wait(&semaphore);
}

static void destroy_all(void)
{
	pthread_mutex_destroy(&mutex);
	pthread_cond_destroy(&changed);
	pthread_rwlock_destroy(&rwlock);
	pthread_spin_destroy(&spin);
	pthread_barrier_destroy(&barrier);
	sem_destroy(&semaphore);
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		init_all();
		use_all();
		destroy_all();
	}
	/* A destroyed one may also be given the static initialiser. */
	mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	rwlock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
	pthread_mutex_lock(&mutex);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_wrlock(&rwlock);
	return pthread_rwlock_unlock(&rwlock);
}
