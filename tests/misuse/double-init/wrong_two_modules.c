/*
 * Two parts of a program initialise the same global objects, each believing to be the first.
 *
 * expect: double-init mutex second_part first_part warning
 * expect: double-init changed second_part first_part warning
 * expect: double-init rwlock second_part first_part warning
 * expect: double-init semaphore second_part first_part warning
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex;
static pthread_cond_t changed;
static pthread_rwlock_t rwlock;
static sem_t semaphore;

static void init_all(void)
{
	pthread_mutex_init(&mutex, NULL);
	pthread_cond_init(&changed, NULL);
	pthread_rwlock_init(&rwlock, NULL);
	sem_init(&semaphore, 0, 1);
}

static void *first_part(void *unused)
{
	init_all();
	return unused;
}

static void second_part(void)
{
	init_all();
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, first_part, NULL);
	pthread_join(thread, NULL);
	second_part();
	return 0;
}
