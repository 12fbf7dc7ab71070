/* C11 threads, one of which forgets the mutex. */
#include <threads.h>

#include "race.h"

long money;
mtx_t lock;

static int deposit(void *unused)
{
	(void)unused;
	mtx_lock(&lock);
	money += 10;
	mtx_unlock(&lock);
	return 0;
}

static int donate(void *unused)
{
	(void)unused;
#ifdef FIXED
	mtx_lock(&lock);
#endif
	money -= 1;
#ifdef FIXED
	mtx_unlock(&lock);
#endif
	return 0;
}

int main(void)
{
	thrd_t first, second;

	mtx_init(&lock, mtx_plain);
	thrd_create(&first, deposit, NULL);
	thrd_create(&second, donate, NULL);
	thrd_join(first, NULL);
	thrd_join(second, NULL);
	mtx_destroy(&lock);
	race_use(money);
	return race_end();
}
