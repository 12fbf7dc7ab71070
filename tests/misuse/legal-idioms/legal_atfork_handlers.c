/*
 * Handlers of pthread_atfork take all locks before each fork, so that the child finds the data in
 * order. The child gives one lock back, as the parent does, and initialises the other anew, as
 * glibc's own handlers and many libraries do.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t released = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t initialised = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t started;

static void prepare(void)
{
	pthread_mutex_lock(&released);
	pthread_mutex_lock(&initialised);
}

static void parent(void)
{
	pthread_mutex_unlock(&initialised);
	pthread_mutex_unlock(&released);
}

static void child(void)
{
	pthread_mutex_init(&initialised, NULL);
	pthread_mutex_unlock(&released);
}

static void use(void)
{
	pthread_mutex_lock(&released);
	pthread_mutex_lock(&initialised);
	pthread_mutex_unlock(&initialised);
	pthread_mutex_unlock(&released);
}

static void *worker(void *unused)
{
	pthread_barrier_wait(&started);
	for (int i = 0; i < 200; i++)
		use();
	return unused;
}

int main(void)
{
	pthread_t thread;
	int status, failed = 0;

	pthread_atfork(prepare, parent, child);
	pthread_barrier_init(&started, NULL, 2);
	pthread_create(&thread, NULL, worker, NULL);
	pthread_barrier_wait(&started);
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			use();
			_exit(0);
		}
		waitpid(pid, &status, 0);
		failed |= status;
	}
	pthread_join(thread, NULL);
	return failed;
}
