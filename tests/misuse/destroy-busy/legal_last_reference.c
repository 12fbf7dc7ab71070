/*
 * Two threads share an object that counts its references; whoever gives the last one back destroys
 * the lock in it, a moment after it was unlocked, and frees the memory. The other one unlocked it
 * before and does not touch it again, so nobody has the lock or waits for it. A second lock, which
 * is never destroyed, lies in the same block: memory may end with an unlocked lock in it.
 */
#include <pthread.h>
#include <stdlib.h>

enum { OBJECTS = 50 };

struct shared {
	pthread_mutex_t lock, unused;
	pthread_rwlock_t table;
	int references;
};

static void give_back(struct shared *shared)
{
	int left;

	pthread_mutex_lock(&shared->lock);
	left = --shared->references;
	pthread_mutex_unlock(&shared->lock);
	if (left)
		return;
	pthread_mutex_destroy(&shared->lock);
	pthread_rwlock_destroy(&shared->table);
	free(shared);
}

static void *read_it(void *data)
{
	struct shared *shared = data;

	pthread_rwlock_rdlock(&shared->table);
	pthread_rwlock_unlock(&shared->table);
	give_back(shared);
	return NULL;
}

static struct shared *make(void)
{
	struct shared *shared = malloc(sizeof(*shared));

	if (!shared)
		abort();
	pthread_mutex_init(&shared->lock, NULL);
	pthread_mutex_init(&shared->unused, NULL);
	pthread_rwlock_init(&shared->table, NULL);
	shared->references = 2;
	pthread_mutex_lock(&shared->unused);
	pthread_mutex_unlock(&shared->unused);
	return shared;
}

int main(void)
{
	for (int i = 0; i < OBJECTS; i++) {
		struct shared *shared = make();
		pthread_t thread;

		if (pthread_create(&thread, NULL, read_it, shared))
			return 1;
		give_back(shared);
		pthread_join(thread, NULL);
	}
	return 0;
}
