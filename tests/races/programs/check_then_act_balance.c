/* The balance is read under the lock, and drawn on under the lock, but not under one hold of it:
 * what another thread drew in between comes back. */
#include "race.h"

long balance = 100;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void withdraw(void)
{
	long seen;

	pthread_mutex_lock(&lock);
	seen = balance;
#ifndef FIXED
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
#endif
	if (seen >= 30)
		balance = seen - 30;
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	race_run(withdraw, withdraw);
	race_use(balance);
	return race_end();
}
