/*
 * A barrier of no threads cannot be: its initialisation fails, and it is used nevertheless. What
 * comes of that differs: with glibc the program is killed, as it divides by zero.
 *
 * expect: ignored-error meet use_it make_it error
 */
#include <pthread.h>

static pthread_barrier_t meet;

static void make_it(unsigned parties)
{
	pthread_barrier_init(&meet, NULL, parties);
}

static void use_it(void)
{
	pthread_barrier_wait(&meet);
}

int main(void)
{
	make_it(0);
	use_it();
	return 0;
}
