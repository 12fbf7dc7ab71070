/*
 * Objects on the stack of functions that are called again and again, so that they come to lie in
 * the same place: initialised and destroyed; initialised and not destroyed, which frees nothing in
 * glibc and harms nobody; with a static initialiser.
 */
#include <pthread.h>
#include <semaphore.h>

static void *post(void *semaphore)
{
	sem_post(semaphore);
	return NULL;
}

static void with_destroy(void)
{
	pthread_mutex_t mutex;
	sem_t done;
	pthread_t thread;

	pthread_mutex_init(&mutex, NULL);
	sem_init(&done, 0, 0);
	pthread_create(&thread, NULL, post, &done);
	sem_wait(&done);
	pthread_join(thread, NULL);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	sem_destroy(&done);
	pthread_mutex_destroy(&mutex);
}

static void without_destroy(void)
{
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_rwlock_t rwlock;
	pthread_spinlock_t spin;
	sem_t free_places;

	pthread_mutex_init(&mutex, NULL);
	pthread_cond_init(&changed, NULL);
	pthread_rwlock_init(&rwlock, NULL);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	sem_init(&free_places, 0, 1);
	sem_wait(&free_places);
	pthread_spin_lock(&spin);
	pthread_spin_unlock(&spin);
	pthread_mutex_lock(&mutex);
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_wrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}

static void with_initialiser(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
	pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

	pthread_mutex_lock(&mutex);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}

int main(void)
{
	for (int i = 0; i < 4; i++) {
		with_destroy();
		without_destroy();
		with_initialiser();
		with_initialiser();
		without_destroy();
	}
	return 0;
}
