/*
 * Teaches: a cycle of many locks; that an order over all locks breaks it.
 *
 * Five philosophers, five forks (mutexes). Each takes the fork on the left, then the one on the
 * right.
 *
 *   dining           ends well: they sit down one after the other. conctrace: rule lock-order, a
 *                    cycle of five locks by five threads
 *   dining --hang    all take the left fork first: deadlocks. conctrace: rule deadlock, exit
 *                    status 66
 *   dining --fixed   each takes the fork with the lower number first: nothing to say
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SEATS 5

static pthread_mutex_t forks[SEATS];
static pthread_barrier_t all_have_one;
static int meals[SEATS];
static int hang, fixed;

static void *philosopher(void *seat_number)
{
	int seat = (int)(intptr_t)seat_number;
	int left = seat, right = (seat + 1) % SEATS;

	if (fixed && right < left) {
		left = right;
		right = seat;
	}
	if (!hang)
		nanosleep(&(struct timespec){.tv_nsec = 20000000L * seat}, NULL);
	pthread_mutex_lock(&forks[left]);
	if (hang)
		pthread_barrier_wait(&all_have_one);
	pthread_mutex_lock(&forks[right]);
	meals[seat]++;
	pthread_mutex_unlock(&forks[right]);
	pthread_mutex_unlock(&forks[left]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[SEATS];
	int eaten = 0;

	hang = argc > 1 && strcmp(argv[1], "--hang") == 0;
	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	pthread_barrier_init(&all_have_one, NULL, SEATS);
	for (int i = 0; i < SEATS; i++)
		pthread_mutex_init(&forks[i], NULL);
	for (int i = 0; i < SEATS; i++)
		pthread_create(&threads[i], NULL, philosopher, (void *)(intptr_t)i);
	for (int i = 0; i < SEATS; i++) {
		pthread_join(threads[i], NULL);
		eaten += meals[i];
	}
	printf("%d meals\n", eaten);
	return 0;
}
