/*
 * Structures from malloc with a mutex and a condition variable in each, freed without destroying
 * them and allocated again in the same place; and some from calloc, where zeros are an
 * initialised mutex on Linux.
 */
#include <pthread.h>
#include <stdlib.h>

struct account {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int balance;
};

static void use(struct account *account)
{
	pthread_mutex_lock(&account->mutex);
	account->balance++;
	pthread_cond_signal(&account->changed);
	pthread_mutex_unlock(&account->mutex);
}

int main(void)
{
	for (int i = 0; i < 4; i++) {
		struct account *account = malloc(sizeof *account);

		pthread_mutex_init(&account->mutex, NULL);
		pthread_cond_init(&account->changed, NULL);
		account->balance = 0;
		use(account);
		free(account);
	}
	for (int i = 0; i < 4; i++) {
		struct account *account = calloc(1, sizeof *account);

		use(account);
		free(account);
	}
	return 0;
}
