/* A table with readers and a writer. */
#include "race.h"

enum { SIZE = 8 };

int table[SIZE];
pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void look(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_rwlock_rdlock(&lock);
		race_use(table[i % SIZE]);
		pthread_rwlock_unlock(&lock);
	}
}

static void change(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_rwlock_wrlock(&lock);
		table[i % SIZE]++;
		pthread_rwlock_unlock(&lock);
		if (i % 8 == 0)
			look();
	}
}

int main(void)
{
	race_run(look, change);
	return race_end();
}
