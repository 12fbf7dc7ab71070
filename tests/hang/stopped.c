/*
 * What happens after the record has reached its limit (--max-trace). "stopped VARIANT":
 *
 *   locks    two threads take two locks in opposite order
 *   given    one waits for a lock that another one gave back, and took again, unrecorded: no hang
 *   posts    a semaphore is waited for that was posted less often, as far as is recorded: no hang
 */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "support/hang.h"

enum { LOCKS = 60000 }; /* some MB */

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static sem_t units;

static void fill_record(void)
{
	pthread_mutex_t unused = PTHREAD_MUTEX_INITIALIZER;

	for (int i = 0; i < LOCKS; i++) {
		pthread_mutex_lock(&unused);
		pthread_mutex_unlock(&unused);
	}
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void *other_order(void *unused)
{
	(void)unused;
	fill_record();
	pthread_mutex_lock(&b);
	hang_step(0);
	hang_await(0, 2);
	hang_sleep();
	pthread_mutex_lock(&a);
	return NULL;
}

static void lock_in_two_orders(void)
{
	pthread_t other;

	pthread_create(&other, NULL, other_order, NULL);
	fill_record();
	pthread_mutex_lock(&a);
	hang_step(0);
	hang_await(0, 2);
	hang_last(1);
	pthread_mutex_lock(&b);
	pthread_join(other, NULL);
}

/* Has `b`, the last that is recorded of it is that it took `a` as well. */
static void *give_back(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&a);
	fill_record();
	pthread_mutex_unlock(&a);
	hang_step(1);
	pthread_mutex_lock(&b);
	pthread_mutex_unlock(&b);
	return NULL;
}

static void *take_and_sleep(void *unused)
{
	(void)unused;
	hang_await(1, 1);
	pthread_mutex_lock(&a);
	hang_step(2);
	pause_ms(2500);
	pthread_mutex_unlock(&a);
	return NULL;
}

static void lock_what_was_given(void)
{
	pthread_t first, second;

	pthread_mutex_lock(&b);
	pthread_create(&first, NULL, give_back, NULL);
	pthread_create(&second, NULL, take_and_sleep, NULL);
	hang_await(2, 1);
	pthread_mutex_lock(&a);
	pthread_mutex_unlock(&a);
	pthread_mutex_unlock(&b);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
}

static void *post_later(void *unused)
{
	(void)unused;
	fill_record();
	for (int i = 0; i < 10; i++)
		sem_post(&units);
	pause_ms(2500);
	sem_post(&units);
	return NULL;
}

static void take_units(void)
{
	pthread_t poster;

	sem_init(&units, 0, 0);
	pthread_create(&poster, NULL, post_later, NULL);
	fill_record();
	for (int i = 0; i < 11; i++)
		sem_wait(&units);
	pthread_join(poster, NULL);
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	if (strcmp(hang_variant, "locks") == 0)
		lock_in_two_orders();
	else if (strcmp(hang_variant, "given") == 0)
		lock_what_was_given();
	else
		take_units();
	return 0;
}
