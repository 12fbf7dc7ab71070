/*
 * Teaches: an event - a flag with set, clear and wait - is a condition variable with its flag.
 *
 * Two cars wait at a traffic light; main lets it be green, red, and green again. Wait tests the
 * flag under the lock and in a loop, so it does not matter whether set comes before or after it:
 * conctrace has nothing to say, and shows who waited for the condition and who woke them.
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define CARS 2

struct event {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int is_set;
};

static struct event green = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
static struct event red = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void event_set(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	event->is_set = 1;
	pthread_cond_broadcast(&event->changed);
	pthread_mutex_unlock(&event->lock);
}

static void event_clear(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	event->is_set = 0;
	pthread_mutex_unlock(&event->lock);
}

static void event_wait(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	while (!event->is_set)
		pthread_cond_wait(&event->changed, &event->lock);
	pthread_mutex_unlock(&event->lock);
}

static void *car(void *unused)
{
	event_wait(&green);
	event_wait(&red);
	event_wait(&green);
	return unused;
}

static void switch_light(struct event *from, struct event *to)
{
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	event_clear(from);
	event_set(to);
}

int main(void)
{
	pthread_t cars[CARS];

	for (int i = 0; i < CARS; i++)
		pthread_create(&cars[i], NULL, car, NULL);
	switch_light(&red, &green);
	switch_light(&green, &red);
	switch_light(&red, &green);
	for (int i = 0; i < CARS; i++)
		pthread_join(cars[i], NULL);
	printf("%d cars passed\n", CARS);
	return 0;
}
