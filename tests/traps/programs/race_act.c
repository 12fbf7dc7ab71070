/* The balance is looked at without the lock under which it is changed.
 * kind: act
 */
#include "trial.h"

struct account {
	int id;
	double balance;
	pthread_mutex_t lock;
};

static struct account *account;

static int withdraw(struct account *from, double amount)
{
	if (from->balance < amount) /* RACE */
		return 0;
	pthread_mutex_lock(&from->lock);
	from->balance -= amount; /* RACE */
	pthread_mutex_unlock(&from->lock);
	return 1;
}

static void *spend(void *unused)
{
	(void)unused;
	for (int i = 0; i < 1000; i++)
		trial_use(withdraw(account, 1));
	return NULL;
}

int main(void)
{
	account = malloc(sizeof(*account));
	if (!account)
		abort();
	account->balance = 1500;
	pthread_mutex_init(&account->lock, NULL);
	trial_run(3, spend);
	free(account);
	return trial_end();
}
