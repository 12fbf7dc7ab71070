/* Legal: other programs are started while a thread holds a lock: they have no copy of it. */
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t held, started;
extern char **environ;

static void *hold_it(void *unused)
{
	pthread_mutex_lock(&lock);
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&started);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	char name[] = "true", *arguments[] = {name, NULL};
	pthread_t thread;
	pid_t child;
	FILE *out;

	pthread_barrier_init(&held, NULL, 2);
	pthread_barrier_init(&started, NULL, 2);
	pthread_create(&thread, NULL, hold_it, NULL);
	pthread_barrier_wait(&held);
	if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) == 0)
		waitpid(child, NULL, 0);
	if (system("exit 0"))
		return 1;
	out = popen("exit 0", "r");
	if (out)
		pclose(out);
	pthread_barrier_wait(&started);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&held);
	pthread_barrier_destroy(&started);
	return 0;
}
