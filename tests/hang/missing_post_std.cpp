// std::threads and a semaphore that counts the finished ones: an exception skips one post.
#include <semaphore.h>

#include <stdexcept>
#include <thread>

#include "support/hang.h"

static sem_t finished;

struct PostAtEnd {
	~PostAtEnd()
	{
		sem_post(&finished);
	}
};

static void compute(int part)
{
	if (part == 1)
		throw std::runtime_error("division by zero");
}

static void careless(int part)
{
	try {
		compute(part);
		sem_post(&finished);
	} catch (const std::exception &) {
	}
}

static void careful(int part)
{
	PostAtEnd post;
	try {
		compute(part);
	} catch (const std::exception &) {
	}
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	sem_init(&finished, 0, 0);
	for (int part = 0; part < 3; part++)
		std::thread(hang_fixed ? careful : careless, part).join();
	for (int part = 0; part < 3; part++) {
		if (part == 2)
			hang_last(0);
		sem_wait(&finished);
	}
}
