/*
 * A structure is freed while another thread holds the lock in it: what that thread unlocks later is
 * memory that may be something else by then.
 *
 * expect: destroy-busy - free_it lock_it init_it error
 */
#include <pthread.h>
#include <stdlib.h>

struct account {
	long balance;
	pthread_mutex_t mutex;
};

static struct account *account;
static pthread_barrier_t is_locked, never;

static void init_it(void)
{
	account = calloc(1, sizeof *account);
	pthread_mutex_init(&account->mutex, NULL);
}

static void lock_it(void)
{
	pthread_mutex_lock(&account->mutex);
}

static void free_it(void)
{
	free(account);
}

static void *pay(void *unused)
{
	lock_it();
	pthread_barrier_wait(&is_locked);
	pthread_barrier_wait(&never);
	return unused;
}

int main(void)
{
	pthread_t thread;

	init_it();
	pthread_barrier_init(&is_locked, NULL, 2);
	pthread_barrier_init(&never, NULL, 2);
	pthread_create(&thread, NULL, pay, NULL);
	pthread_barrier_wait(&is_locked);
	free_it();
	return 0;
}
