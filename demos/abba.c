/*
 * Teaches: two locks taken in opposite orders can deadlock, and mostly do not.
 *
 * A clerk moves money from savings to checking and locks in that order; an auditor adds both up and
 * locks the other way round.
 *
 *   abba           ends well: the auditor comes 50 ms later. That the order can deadlock all the
 *                  same is what conctrace says: rule lock-order, on `savings` and `checking`
 *   abba --hang    both take their first lock before either takes its second: deadlocks for
 * certain. conctrace: rule deadlock, the cycle with both stacks, exit status 66 abba --fixed   both
 * lock savings first: nothing to say, exit status 0
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t savings = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t checking = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both_hold_one;
static int in_savings = 100, in_checking = 50, sum;
static int hang, fixed;

static void meet(void)
{
	if (hang)
		pthread_barrier_wait(&both_hold_one);
}

static void *clerk(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&savings);
	meet();
	pthread_mutex_lock(&checking);
	in_savings -= 10;
	in_checking += 10;
	pthread_mutex_unlock(&checking);
	pthread_mutex_unlock(&savings);
	return NULL;
}

static void *auditor(void *unused)
{
	pthread_mutex_t *first = fixed ? &savings : &checking;
	pthread_mutex_t *second = fixed ? &checking : &savings;

	(void)unused;
	if (!hang)
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	pthread_mutex_lock(first);
	meet();
	pthread_mutex_lock(second);
	sum = in_savings + in_checking;
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	hang = argc > 1 && strcmp(argv[1], "--hang") == 0;
	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	pthread_barrier_init(&both_hold_one, NULL, 2);
	pthread_create(&threads[0], NULL, clerk, NULL);
	pthread_create(&threads[1], NULL, auditor, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("sum %d\n", sum);
	return 0;
}
