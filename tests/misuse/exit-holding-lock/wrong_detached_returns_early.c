/*
 * A detached worker returns early and keeps the lock of its job. Nobody asks for it any more; but
 * the program goes on, with another worker: this one did not stop because the program ends.
 *
 * expect: exit-holding-lock job_lock lock_job start_worker warning
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t job_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int worker;

static void lock_job(void)
{
	pthread_mutex_lock(&job_lock);
}

static void *return_early(void *unused)
{
	lock_job();
	worker = gettid();
	return unused;
}

static void *work(void *unused)
{
	pthread_mutex_lock(&other_lock);
	pthread_mutex_unlock(&other_lock);
	worker = gettid();
	return unused;
}

static void start_worker(void *(*function)(void *))
{
	pthread_t thread;

	worker = 0;
	pthread_create(&thread, NULL, function, NULL);
	pthread_detach(thread);
}

/* Signal 0 only asks whether the thread is there. */
static void wait_for_its_end(void)
{
	while (!worker || tgkill(getpid(), worker, 0) == 0)
		sched_yield();
}

int main(void)
{
	start_worker(return_early);
	wait_for_its_end();
	start_worker(work);
	wait_for_its_end();
	return 0;
}
