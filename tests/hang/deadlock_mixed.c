/* A circle through threads and processes: main waits for the child; a thread of the child wants
 * `cache`; it is held by a thread that waits for `config`, which main holds. */
#include <pthread.h>
#include <unistd.h>

#include "support/hang.h"

struct locks {
	pthread_mutex_t cache, config;
};

static struct locks *locks;

static void *refresh(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&locks->cache);
	hang_step(0);
	hang_sleep();
	pthread_mutex_lock(&locks->config);
	pthread_mutex_unlock(&locks->config);
	pthread_mutex_unlock(&locks->cache);
	return NULL;
}

static void *look_up(void *unused)
{
	(void)unused;
	hang_await(0, 1);
	hang_sleep();
	pthread_mutex_lock(&locks->cache);
	pthread_mutex_unlock(&locks->cache);
	return NULL;
}

static void child(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, look_up, NULL);
	hang_sleep();
	pthread_join(thread, NULL);
	_exit(0);
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t shared;
	pthread_t refresher;
	pid_t pid;

	hang_begin(argc, argv);
	locks = hang_shared(sizeof(*locks));
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&locks->cache, &shared);
	pthread_mutex_init(&locks->config, &shared);
	pid = fork();
	if (pid == 0)
		child();
	pthread_mutex_lock(&locks->config);
	pthread_create(&refresher, NULL, refresh, NULL);
	if (hang_fixed)
		pthread_mutex_unlock(&locks->config);
	hang_last(3); /* the refresher and both threads of the child */
	if (hang_reap(pid) != 0)
		return 1;
	if (!hang_fixed)
		pthread_mutex_unlock(&locks->config);
	return pthread_join(refresher, NULL);
}
