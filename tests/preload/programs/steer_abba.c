/*
 * Two mutexes in opposite orders, so far apart in time that they never meet.
 *   steer_abba threads    by two threads
 *   steer_abba fork       by two processes, one the parent of the other
 *   steer_abba prefix     by two threads that both have held the first mutex before
 *   steer_abba ordered    by two threads, one after the other: cannot deadlock
 *   steer_abba handled    as ordered; SIGTERM is handled, and ends the program
 *   steer_abba inside     as ordered, in signal handlers: nobody may be held there
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t a, b;
	int sum;
};

static struct shared *shared;
static const char *way;

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

static void add(void)
{
	shared->sum++;
}

static void use_a(void)
{
	pthread_mutex_lock(&shared->a);
	add();
	pthread_mutex_unlock(&shared->a);
}

static void *forth(void *unused)
{
	if (strcmp(way, "prefix") == 0)
		use_a();
	pthread_mutex_lock(&shared->a);
	pthread_mutex_lock(&shared->b);
	add();
	pthread_mutex_unlock(&shared->b);
	pthread_mutex_unlock(&shared->a);
	return unused;
}

static int in_order(void)
{
	return strcmp(way, "ordered") == 0 || strcmp(way, "handled") == 0 ||
	       strcmp(way, "inside") == 0;
}

static void *back(void *unused)
{
	if (!in_order())
		sleep_ms(30);
	if (strcmp(way, "prefix") == 0)
		use_a();
	pthread_mutex_lock(&shared->b);
	pthread_mutex_lock(&shared->a);
	add();
	pthread_mutex_unlock(&shared->a);
	pthread_mutex_unlock(&shared->b);
	return unused;
}

static void set_up(void)
{
	pthread_mutexattr_t attributes;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->a, &attributes);
	pthread_mutex_init(&shared->b, &attributes);
}

static void handler(int signal)
{
	if (signal == SIGTERM)
		_exit(3);
	else if (signal == SIGUSR1)
		forth(NULL);
	else
		back(NULL);
}

static void *raise_usr1(void *unused)
{
	raise(SIGUSR1);
	return unused;
}

static void *raise_usr2(void *unused)
{
	raise(SIGUSR2);
	return unused;
}

static void in_threads(void)
{
	int inside = strcmp(way, "inside") == 0;
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, inside ? raise_usr1 : forth, NULL);
	if (in_order())
		pthread_join(threads[0], NULL);
	pthread_create(&threads[1], NULL, inside ? raise_usr2 : back, NULL);
	if (!in_order())
		pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static void in_processes(void)
{
	pid_t child = fork();

	if (child == 0) {
		back(NULL);
		_exit(0);
	}
	forth(NULL);
	waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
	way = argc > 1 ? argv[1] : "threads";
	if (strcmp(way, "handled") == 0)
		signal(SIGTERM, handler);
	signal(SIGUSR1, handler);
	signal(SIGUSR2, handler);
	set_up();
	if (strcmp(way, "fork") == 0)
		in_processes();
	else
		in_threads();
	printf("%s: %d\n", way, shared->sum);
	return 0;
}
