/*
 * All locking goes through two functions of the program's own. The wrong account is unlocked: only
 * who called the function that unlocks tells which line is meant.
 *
 * expect: unlock-not-owner accounts[2].mutex withdraw deposit error
 */
#include <pthread.h>
#include <stddef.h>

struct account {
	pthread_mutex_t mutex;
	int balance;
};

static struct account accounts[3];

static void lock_account(struct account *account)
{
	pthread_mutex_lock(&account->mutex);
}

static void unlock_account(struct account *account)
{
	pthread_mutex_unlock(&account->mutex);
}

static void *withdraw(void *unused)
{
	lock_account(&accounts[1]);
	accounts[1].balance--;
	unlock_account(&accounts[2]); /* meant: 1 */
	unlock_account(&accounts[1]);
	return unused;
}

static void deposit(void)
{
	pthread_t thread;

	lock_account(&accounts[2]);
	accounts[2].balance++;
	pthread_create(&thread, NULL, withdraw, NULL);
	pthread_join(thread, NULL);
	unlock_account(&accounts[2]);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(accounts) / sizeof(accounts[0]); i++)
		pthread_mutex_init(&accounts[i].mutex, NULL);
	deposit();
	return 0;
}
