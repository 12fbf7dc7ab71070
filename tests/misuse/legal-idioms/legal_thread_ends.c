/*
 * Destructors of pthread_key_create and handlers of pthread_cleanup_push take and give back locks
 * while their thread ends; the mutex of a thread's own structure is destroyed by the destructor,
 * and by the one who joined it.
 */
#include <pthread.h>
#include <stdlib.h>

struct own {
	pthread_mutex_t mutex;
	int is_joiners;
};

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static int ended;

static void at_end(void *value)
{
	struct own *own = value;

	pthread_mutex_lock(&registry);
	ended++;
	pthread_mutex_unlock(&registry);
	pthread_mutex_lock(&own->mutex);
	pthread_mutex_unlock(&own->mutex);
	if (!own->is_joiners) {
		pthread_mutex_destroy(&own->mutex);
		free(own);
	}
}

static void count(void *counter)
{
	pthread_mutex_lock(&registry);
	++*(int *)counter;
	pthread_mutex_unlock(&registry);
}

static void *run(void *is_joiners)
{
	struct own *own = malloc(sizeof *own);

	pthread_mutex_init(&own->mutex, NULL);
	own->is_joiners = is_joiners != NULL;
	pthread_setspecific(key, own);
	pthread_cleanup_push(count, &ended);
	pthread_exit(own);
	pthread_cleanup_pop(0);
	return NULL;
}

int main(void)
{
	pthread_t threads[4];
	void *result;

	pthread_key_create(&key, at_end);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, run, i % 2 ? &ended : NULL);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		if (i % 2) {
			pthread_mutex_destroy(&((struct own *)result)->mutex);
			free(result);
		}
	}
	return ended == 8 ? 0 : 1;
}
