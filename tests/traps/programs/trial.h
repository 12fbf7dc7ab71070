#ifndef CT_TEST_TRIAL_H
#define CT_TEST_TRIAL_H
/*
 * For programs that are run with traps: race_*.c and .cpp have one data race, whose accesses stand
 * on the lines marked RACE; ok_*.c and .cpp have none. Each prints "end" and ends with status 0.
 * The head of each file may say, on lines of their own:
 *   kind: hot, act or once    how often the race can be caught (race_* only)
 *   libs: -lNAME...           what it is linked with
 *   needs: HEADER             without it the program is left out
 *   tsan: no                  ThreadSanitizer does not understand what orders the threads
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { TRIAL_THREADS = 8 };

/* The compiler has to read and write memory here, as if a function unknown to it were called. */
static inline void trial_keep(void)
{
	__asm__ volatile("" : : : "memory");
}

static inline void trial_use(long value)
{
	__asm__ volatile("" : : "r"(value) : "memory");
}

/* Some arithmetic between accesses. */
static inline unsigned trial_mix(unsigned value)
{
	for (int i = 0; i < 50; i++)
		value = value * 1664525u + 1013904223u;
	return value;
}

/* body(0) ... body(count - 1) in a thread each, and their end. */
static inline void trial_run(int count, void *(*body)(void *))
{
	static int numbers[TRIAL_THREADS];
	pthread_t threads[TRIAL_THREADS];

	for (int i = 0; i < count; i++) {
		numbers[i] = i;
		if (pthread_create(&threads[i], NULL, body, &numbers[i]))
			abort();
	}
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static inline int trial_number(const void *argument)
{
	return *(const int *)argument;
}

static inline void trial_check(int good)
{
	if (!good) {
		puts("wrong");
		exit(1);
	}
}

static inline int trial_end(void)
{
	return puts("end") >= 0 ? 0 : 1;
}

#endif
