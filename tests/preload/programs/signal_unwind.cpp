// Exceptions, pthread_exit and pthread_cancel that pass through a signal handler, as programs do
// that are compiled with -fnon-call-exceptions. Prints what was caught and destroyed.
#ifndef __clang__ // which has no such option in version 14: it is built there, not run
#pragma GCC optimize("non-call-exceptions")
#endif
#include <csignal>
#include <cstdio>
#include <pthread.h>
#include <unistd.h>

static int destroyed;

struct noted {
	~noted()
	{
		destroyed++;
	}
};

static void throws(int signal)
{
	noted here;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_UNBLOCK, &set, nullptr);
	throw signal;
}

__attribute__((noinline)) static int load(volatile int *p)
{
	noted here;

	return *p;
}

static void ends_thread(int)
{
	noted here;

	pthread_exit(reinterpret_cast<void *>(5));
}

static void is_cancelled(int)
{
	noted here;

	pthread_cancel(pthread_self());
	pthread_testcancel();
}

static void *fault(void *)
{
	noted here;

	load(nullptr);
	return nullptr;
}

static void run(const char *what, void (*handler)(int))
{
	pthread_t thread;
	void *result = nullptr;

	destroyed = 0;
	signal(SIGSEGV, handler);
	pthread_create(&thread, nullptr, fault, nullptr);
	pthread_join(thread, &result);
	printf("%s: %s %ld, destroyed %d\n", what,
	       result == PTHREAD_CANCELED ? "cancelled" : "result",
	       result == PTHREAD_CANCELED ? 0L : reinterpret_cast<long>(result), destroyed);
}

int main()
{
	int caught = 0;

	signal(SIGSEGV, throws);
	for (int i = 0; i < 100; i++) {
		try {
			load(nullptr);
		} catch (int signal) {
			caught += signal;
		}
	}
	printf("caught %d, destroyed %d\n", caught, destroyed);
	run("pthread_exit", ends_thread);
	run("pthread_cancel", is_cancelled);
	return 4;
}
