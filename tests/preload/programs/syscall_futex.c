/*
 * Every futex operation through syscall(), as libraries that build locks of their own make them:
 * results, errors, time limits, signals. Prints what the trace must have (said.h).
 */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"
#include "said.h"

static uint32_t word, other;
static pid_t waiter;

static long futex(uint32_t *at, int operation, uint32_t value, const void *limit, uint32_t *second,
		  uint32_t third)
{
	errno = 0;
	return syscall(SYS_futex, at, operation, value, limit, second, third);
}

static void waited(long result, unsigned long value)
{
	said("futex_wait", result, value);
}

static void woke(long result, unsigned long count)
{
	printf("futex_wake %lu\n", count); /* stamped before the call */
	if (result < 0)
		said("futex_wake", result, 0);
	else
		printf("# woke %ld\n", result);
}

static void refused(void)
{
	struct timespec invalid = {0, 1000000000}, past = {1, 0}, soon = {0, 2000000};
	uint32_t *nowhere = (uint32_t *)8, *crooked = (uint32_t *)((char *)&word + 1);

	word = 7;
	waited(futex(&word, FUTEX_WAIT, 3, NULL, NULL, 0), 3);
	waited(futex(&word, FUTEX_WAIT_PRIVATE, 3, NULL, NULL, 0), 3);
	waited(futex(&word, FUTEX_WAIT_PRIVATE, 7, &soon, NULL, 0), 7);
	waited(futex(&word, FUTEX_WAIT_PRIVATE, 7, &invalid, NULL, 0), 7);
	waited(futex(&word, FUTEX_WAIT_PRIVATE, 7, (void *)16, NULL, 0), 7);
	waited(futex(NULL, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), 0);
	waited(futex(nowhere, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), 0);
	waited(futex(crooked, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), 0);
	waited(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 7, &past, NULL, FUTEX_BITSET_MATCH_ANY), 7);
	waited(futex(&word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 7, &past, NULL,
		     FUTEX_BITSET_MATCH_ANY),
	       7);
	waited(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 7, &invalid, NULL, FUTEX_BITSET_MATCH_ANY),
	       7);
	waited(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 7, NULL, NULL, 0), 7);
	woke(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1);
	woke(futex(NULL, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1);
	woke(futex(crooked, FUTEX_WAKE, 1, NULL, NULL, 0), 1);
	woke(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 2, NULL, NULL, 0), 2);
	woke(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)1, &other, 8), 1);
	woke(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)1, &other, 7), 1);
	woke(futex(&word, FUTEX_REQUEUE_PRIVATE, 3, (void *)1, &other, 0), 3);
	woke(futex(&word, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0);
	errno = 0;
	printf("# no such operation: %ld", syscall(SYS_futex, &word, 99, 0, NULL, NULL, 0));
	printf(" %d\n", errno);
}

static void priority(void)
{
	word = 0;
	waited(futex(&word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0);
	printf("# owner is %s\n", (word & FUTEX_TID_MASK) == (uint32_t)gettid() ? "self" : "?");
	waited(futex(&word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0);
	woke(futex(&word, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0);
	printf("# word %u\n", word);
}

static void *wait_once(void *at)
{
	__atomic_store_n(&waiter, gettid(), __ATOMIC_RELEASE);
	return (void *)futex(at, FUTEX_WAIT_PRIVATE, 5, NULL, NULL, 0);
}

static pthread_t begin_waiter(uint32_t *at)
{
	pthread_t thread;

	waiter = 0;
	need(pthread_create(&thread, NULL, wait_once, at) == 0, "pthread_create");
	asleep_wait_for(&waiter);
	return thread;
}

static void end_waiter(pthread_t thread)
{
	void *result;

	need(pthread_join(thread, &result) == 0, "pthread_join");
	printf("# waiter: %ld\n", (long)result);
}

static void woken(void)
{
	int add = FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 5);
	pthread_t thread;

	word = other = 5;
	thread = begin_waiter(&word);
	woke(futex(&word, FUTEX_WAKE_PRIVATE, 0x7fffffff, NULL, NULL, 0), 0x7fffffff);
	end_waiter(thread);

	thread = begin_waiter(&word);
	woke(futex(&word, FUTEX_REQUEUE_PRIVATE, 0, (void *)1, &other, 0), 0);
	woke(futex(&other, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1);
	end_waiter(thread);

	thread = begin_waiter(&other);
	printf("futex_wake 1\n"); /* at two addresses */
	woke(futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *)2, &other, (uint32_t)add), 2);
	printf("# other %u\n", other);
	end_waiter(thread);
}

static void on_signal(int signal)
{
	(void)signal;
}

static void *interrupt(void *arg)
{
	asleep_wait(getpid());
	pthread_kill(*(pthread_t *)arg, SIGUSR1);
	return NULL;
}

static void interrupted(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	pthread_t self = pthread_self(), thread;

	sigaction(SIGUSR1, &action, NULL);
	need(pthread_create(&thread, NULL, interrupt, &self) == 0, "pthread_create");
	waited(futex(&word, FUTEX_WAIT_PRIVATE, 5, NULL, NULL, 0), 5);
	pthread_join(thread, NULL);
}

/* Nobody else looks at these: they must only come out as they do without the recorder. */
static void other_calls(void)
{
	char *memory = (char *)syscall(SYS_mmap, NULL, 4096L, 3L, 0x22L, -1L, 0L);

	printf("# tid %s\n", syscall(SYS_gettid) == gettid() ? "right" : "wrong");
	strcpy(memory, "six arguments");
	printf("# %s\n", memory);
	printf("# unmapped %ld\n", syscall(SYS_munmap, memory, 4096L));
	errno = 0;
	printf("# bad number: %ld", syscall(-1L));
	printf(" %d\n", errno);
	errno = 0;
	waited(syscall(SYS_futex_waitv, NULL, 1, 0, NULL, CLOCK_MONOTONIC), 0);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOFBF, 65536);
	refused();
	priority();
	woken();
	interrupted();
	other_calls();
	return 0;
}
