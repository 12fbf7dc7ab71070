/*
 * A thread starts programs by fork and exec, posix_spawn, system and popen while another holds a
 * lock: the child uses nothing of it, and replaces itself.
 */
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t held, done;

static void *hold(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_rwlock_wrlock(&rwlock);
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&done);
	pthread_rwlock_unlock(&rwlock);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static int status_of(pid_t child)
{
	int status = 1;

	waitpid(child, &status, 0);
	return status;
}

static int by_fork(void)
{
	pid_t child = fork();

	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	return status_of(child);
}

static int by_spawn(void)
{
	char *arguments[] = {"true", NULL};
	pid_t child;

	return posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) || status_of(child);
}

static int by_popen(void)
{
	char line[16] = "";
	FILE *stream = popen("echo text", "r");
	int failed = !fgets(line, sizeof line, stream);

	return pclose(stream) || failed;
}

static void *start(void *failed)
{
	*(int *)failed = by_fork() | by_spawn() | system("true") | by_popen();
	return NULL;
}

int main(void)
{
	pthread_t holder, starter;
	int failed;

	pthread_barrier_init(&held, NULL, 2);
	pthread_barrier_init(&done, NULL, 2);
	pthread_create(&holder, NULL, hold, NULL);
	pthread_barrier_wait(&held);
	pthread_create(&starter, NULL, start, &failed);
	pthread_join(starter, NULL);
	pthread_barrier_wait(&done);
	pthread_join(holder, NULL);
	return failed;
}
