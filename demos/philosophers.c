/*
 * Teaches: semaphores that are used as locks deadlock like locks.
 *
 * As dining, but each of the five forks is a semaphore with one unit.
 *
 *   philosophers          all take the left fork first, then the right one: hangs for certain.
 *                         conctrace: rule deadlock, a circle of five, exit status 66
 *   philosophers --fixed  the last philosopher takes the right fork first: nothing to say
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SEATS 5

static sem_t forks[SEATS];
static pthread_barrier_t all_have_one;
static int meals[SEATS];
static int fixed;

static void eat(int seat, int first, int second)
{
	sem_wait(&forks[first]);
	if (!fixed)
		pthread_barrier_wait(&all_have_one);
	sem_wait(&forks[second]);
	meals[seat]++;
	sem_post(&forks[second]);
	sem_post(&forks[first]);
}

static void *philosopher(void *seat_number)
{
	int seat = (int)(intptr_t)seat_number;
	int left = seat, right = (seat + 1) % SEATS;

	if (fixed && seat == SEATS - 1)
		eat(seat, right, left);
	else
		eat(seat, left, right);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[SEATS];
	int eaten = 0;

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	pthread_barrier_init(&all_have_one, NULL, SEATS);
	for (int i = 0; i < SEATS; i++)
		sem_init(&forks[i], 0, 1);
	for (int i = 0; i < SEATS; i++)
		pthread_create(&threads[i], NULL, philosopher, (void *)(intptr_t)i);
	for (int i = 0; i < SEATS; i++) {
		pthread_join(threads[i], NULL);
		eaten += meals[i];
	}
	printf("%d meals\n", eaten);
	return 0;
}
