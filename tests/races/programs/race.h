#ifndef CT_TEST_RACE_H
#define CT_TEST_RACE_H
/*
 * For programs with one race, or none. Each is small, ends by itself with status 0 and prints the
 * same whatever comes of the race. With -DFIXED it is its correct twin.
 *
 * Shared variables are not static and what is read is handed to race_use(), so that an optimiser
 * keeps every access.
 */
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

enum { RACE_ROUNDS = 50 };

struct race_body {
	void (*run)(void);
};

static inline void *race_thread(void *body)
{
	((struct race_body *)body)->run();
	return NULL;
}

/* Runs both in threads of their own, which only their creation and their end order. */
static inline void race_run(void (*first)(void), void (*second)(void))
{
	struct race_body bodies[2] = {{first}, {second}};
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, race_thread, &bodies[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static inline void race_use(long value)
{
	__asm__ volatile("" : : "r"(value));
}

/* Long enough for all that the other threads do before they wait. It orders nothing. */
static inline void race_pause(void)
{
	usleep(20000);
}

/* Tells the test that the program came to its end. */
static inline int race_end(void)
{
	return write(STDOUT_FILENO, "end\n", 4) == 4 ? 0 : 1;
}

#endif
