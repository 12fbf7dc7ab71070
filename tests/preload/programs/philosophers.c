/*
 * Dining philosophers who sit down one after the other, so that all goes well.
 *   philosophers mutex|sem threads|processes SEATS [order|waiter]
 * Forks are mutexes or semaphores; the philosophers threads or processes. With "order" each takes
 * the fork with the lower number first; with "waiter" a lock is taken before any fork.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SEATS_MAX 20

static struct table {
	pthread_mutex_t mutexes[SEATS_MAX], waiter;
	sem_t semaphores[SEATS_MAX];
	int meals[SEATS_MAX];
} * table;
static int seats, semaphores;
static const char *way;

static void take(int seat)
{
	if (semaphores)
		sem_wait(&table->semaphores[seat]);
	else
		pthread_mutex_lock(&table->mutexes[seat]);
}

static void give(int seat)
{
	if (semaphores)
		sem_post(&table->semaphores[seat]);
	else
		pthread_mutex_unlock(&table->mutexes[seat]);
}

static void *eat(void *number)
{
	int seat = (int)(intptr_t)number, left = seat, right = (seat + 1) % seats;

	if (strcmp(way, "order") == 0 && right < left) {
		left = right;
		right = seat;
	}
	nanosleep(&(struct timespec){0, 3000000L * seat}, NULL);
	if (strcmp(way, "waiter") == 0)
		pthread_mutex_lock(&table->waiter);
	take(left);
	take(right);
	if (strcmp(way, "waiter") == 0)
		pthread_mutex_unlock(&table->waiter);
	table->meals[seat]++;
	give(right);
	give(left);
	return NULL;
}

static void set_up(void)
{
	pthread_mutexattr_t attributes;

	table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&table->waiter, &attributes);
	for (int i = 0; i < seats; i++) {
		pthread_mutex_init(&table->mutexes[i], &attributes);
		sem_init(&table->semaphores[i], 1, 1);
	}
}

static void in_threads(void)
{
	pthread_t threads[SEATS_MAX];

	for (int i = 0; i < seats; i++)
		pthread_create(&threads[i], NULL, eat, (void *)(intptr_t)i);
	for (int i = 0; i < seats; i++)
		pthread_join(threads[i], NULL);
}

static void in_processes(void)
{
	for (int i = 0; i < seats; i++) {
		if (fork() != 0)
			continue;
		eat((void *)(intptr_t)i);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	int eaten = 0;

	if (argc < 4 || atoi(argv[3]) < 2 || atoi(argv[3]) > SEATS_MAX)
		return 2;
	semaphores = strcmp(argv[1], "sem") == 0;
	seats = atoi(argv[3]);
	way = argc > 4 ? argv[4] : "";
	set_up();
	if (strcmp(argv[2], "processes") == 0)
		in_processes();
	else
		in_threads();
	for (int i = 0; i < seats; i++)
		eaten += table->meals[i];
	printf("%d meals\n", eaten);
	return 0;
}
