/*
 * Teaches: a semaphore lets in as many as there are places.
 *
 *   connections [--workers N]   N clients (8), three connections: each client takes one, uses it
 *                               for 10 ms and gives it back
 *
 * An atomic counter checks that there are never more than three inside. conctrace has nothing to
 * say; `conctrace timing` shows how long each client waited for the semaphore.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECTIONS 3
#define MOST_CLIENTS 100

static sem_t connections;
static atomic_int inside, served, too_many;

static void *client(void *unused)
{
	sem_wait(&connections);
	if (atomic_fetch_add(&inside, 1) >= CONNECTIONS)
		too_many = 1;
	nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	atomic_fetch_sub(&inside, 1);
	sem_post(&connections);
	served++;
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[MOST_CLIENTS];
	int count = argc > 2 && strcmp(argv[1], "--workers") == 0 ? atoi(argv[2]) : 8;

	if (count < 1 || count > MOST_CLIENTS)
		return 2;
	sem_init(&connections, 0, CONNECTIONS);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, client, NULL);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%d served, %s than %d at once\n", served, too_many ? "more" : "never more",
	       CONNECTIONS);
	return too_many;
}
