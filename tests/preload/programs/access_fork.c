/* Accesses in a forked child, in one by vfork until it ends, in signal handlers (also amid
 * accesses), and in what runs after a thread's last record. Prints the sum that only correct code
 * gets. */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static long *shared, own[64];
static volatile sig_atomic_t handled;
static pthread_key_t key;

__attribute__((noinline)) static void add(long *to, int times)
{
	for (int i = 0; i < times; i++)
		to[i & 7] += i;
}

static void handler(int signal)
{
	(void)signal;
	add(own + 8, 16);
	handled++;
}

static void destroy(void *value)
{
	add(own + 16, 16);
	/* again and again, until libc gives up: long after the recorder's own */
	pthread_setspecific(key, value);
}

static void *thread(void *unused)
{
	pthread_setspecific(key, own);
	add(own + 24, 100);
	return unused;
}

static long sum(const long *from, int count)
{
	long total = 0;

	for (int i = 0; i < count; i++)
		total += from[i];
	return total;
}

int main(void)
{
	struct itimerval every = {{0, 200}, {0, 200}};
	pthread_t other;
	pid_t child;

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	add(shared, 1000);
	child = fork();
	if (child == 0) {
		add(shared, 1000);
		pthread_create(&other, NULL, thread, NULL);
		pthread_join(other, NULL);
		_exit(sum(shared, 8) == 999000 ? 0 : 1);
	}
	waitpid(child, NULL, 0);
	child = vfork();
	if (child == 0) {
		add(own + 32, 100);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	pthread_key_create(&key, destroy);
	pthread_create(&other, NULL, thread, NULL);
	pthread_join(other, NULL);
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &every, NULL);
	while (handled < 20)
		add(own, 1000);
	every = (struct itimerval){{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &every, NULL);
	printf("%ld %ld %ld\n", sum(shared, 8), sum(own + 24, 8), sum(own + 32, 8));
	return 0;
}
