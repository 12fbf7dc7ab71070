/*
 * Legal: handlers of fork take the lock before it, so that no other thread has it then, and give it
 * back in the parent and in the child, which may use it.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool enough;

static void take(void)
{
	pthread_mutex_lock(&lock);
}

static void give(void)
{
	pthread_mutex_unlock(&lock);
}

static void *use_it(void *unused)
{
	do {
		take();
		give();
	} while (!enough);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_atfork(take, give, give);
	pthread_create(&thread, NULL, use_it, NULL);
	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (child == 0) {
			take();
			give();
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	enough = true;
	pthread_join(thread, NULL);
	return 0;
}
