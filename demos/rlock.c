/*
 * Teaches: who calls a function that locks, while holding that lock, needs a recursive one.
 *
 * Two threads change an account: transfer() locks it and calls deposit(), which does so too.
 *
 *   rlock           the lock is recursive, taken twice and given back twice: conctrace has nothing
 *                   to say
 *   rlock --plain   the lock is a plain one: the thread waits for itself. conctrace: rule
 *                   self-deadlock, exit status 66
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define STEPS 100

static pthread_mutex_t lock;
static int account, transfers;

static void deposit(int amount)
{
	pthread_mutex_lock(&lock);
	account += amount;
	pthread_mutex_unlock(&lock);
}

static void transfer(int amount)
{
	pthread_mutex_lock(&lock);
	transfers++;
	deposit(amount);
	pthread_mutex_unlock(&lock);
}

static void *work(void *unused)
{
	for (int i = 0; i < STEPS; i++)
		transfer(2);
	return unused;
}

int main(int argc, char **argv)
{
	int plain = argc > 1 && strcmp(argv[1], "--plain") == 0;
	pthread_mutexattr_t kind;
	pthread_t threads[2];

	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, plain ? PTHREAD_MUTEX_NORMAL : PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &kind);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d in %d transfers\n", account, transfers);
	return account == 2 * transfers ? 0 : 1;
}
