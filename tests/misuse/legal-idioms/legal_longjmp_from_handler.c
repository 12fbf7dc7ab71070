/*
 * A handler leaves by siglongjmp out of code that holds nothing and is in no library function;
 * locks are used before, after, and where it lands.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sigjmp_buf back;
static volatile int *volatile nowhere;

static void leave(int signal)
{
	siglongjmp(back, signal);
}

static void use_lock(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static void *try_access(void *unused)
{
	for (int i = 0; i < 3; i++) {
		use_lock();
		if (sigsetjmp(back, 1) == 0)
			*nowhere = 1;
		use_lock();
	}
	return unused;
}

int main(void)
{
	pthread_t thread;

	signal(SIGSEGV, leave);
	try_access(NULL);
	pthread_create(&thread, NULL, try_access, NULL);
	return pthread_join(thread, NULL);
}
