/* An initialisation that fails is tried again by whoever waits for it, after the failure. */
#include <mutex>

#include "race.h"

std::once_flag flag;
pthread_barrier_t start;
int attempts;

static void make()
{
	usleep(1000); /* the other comes, and waits */
	if (++attempts == 1)
		throw attempts;
}

static void use()
{
	pthread_barrier_wait(&start);
	try {
		std::call_once(flag, make);
	} catch (int) {
	}
}

int main()
{
	pthread_barrier_init(&start, nullptr, 2);
	race_run(use, use);
	race_use(attempts);
	return race_end();
}
