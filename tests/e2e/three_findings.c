/* Two lock-order cycles and a data race, found in every run; none of them comes about.
 * For test_suppressions*.sh and test_baseline.sh. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER, d = PTHREAD_MUTEX_INITIALIZER;
long hits;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}
static void deposit(void)
{
	both(&a, &b);
}
static void withdraw(void)
{
	both(&b, &a);
}
static void rename_it(void)
{
	both(&c, &d);
}
static void move_it(void)
{
	both(&d, &c);
}
static void add_hit(void)
{
	hits++;
}
static void *work(void *unused)
{
	add_hit();
	return unused;
}

/* The first thread goes before the second by a limit of the process, which orders nothing in the
 * record. */
static void set_done(rlim_t done)
{
	struct rlimit limit;

	getrlimit(RLIMIT_CORE, &limit);
	limit.rlim_cur = done;
	setrlimit(RLIMIT_CORE, &limit);
}
static void *one(void *unused)
{
	deposit();
	rename_it();
	set_done(4096);
	return unused;
}
static void *two(void *unused)
{
	struct rlimit limit;

	do {
		usleep(1000);
		getrlimit(RLIMIT_CORE, &limit);
	} while (limit.rlim_cur != 4096);
	withdraw();
	move_it();
	return unused;
}
static void run(void *(*f)(void *), void *(*g)(void *))
{
	pthread_t t, u;

	pthread_create(&t, NULL, f, NULL);
	pthread_create(&u, NULL, g, NULL);
	pthread_join(t, NULL);
	pthread_join(u, NULL);
}
int main(void)
{
	set_done(0);
	run(work, work);
	run(one, two);
	return 0;
}
