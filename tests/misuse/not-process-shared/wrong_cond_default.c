/*
 * The mutex is made for several processes, the condition beside it is not: the child's signal looks
 * for waiters in the child and finds none. The parent only goes on as it looks again by itself.
 *
 * expect: not-process-shared - signal_it wait_for_it main error
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct box {
	pthread_mutex_t lock;
	pthread_cond_t full;
	int value, waiting;
};

static struct box *box;

static void init_box(void)
{
	pthread_mutexattr_t attr;

	box = mmap(NULL, sizeof(*box), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&box->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	pthread_cond_init(&box->full, NULL);
}

static void signal_it(int go)
{
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	pthread_mutex_lock(&box->lock);
	box->value = 1;
	pthread_cond_signal(&box->full);
	pthread_mutex_unlock(&box->lock);
}

static void wait_for_it(int go)
{
	struct timespec soon;
	char byte = 0;

	pthread_mutex_lock(&box->lock);
	if (write(go, &byte, 1) != 1)
		_exit(1);
	while (!box->value) {
		clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_sec += (soon.tv_nsec + 10000000) / 1000000000;
		soon.tv_nsec = (soon.tv_nsec + 10000000) % 1000000000;
		pthread_cond_timedwait(&box->full, &box->lock, &soon);
	}
	pthread_mutex_unlock(&box->lock);
}

int main(void)
{
	int go[2];
	pid_t child;

	init_box();
	if (pipe(go))
		return 1;
	child = fork();
	if (child == 0) {
		signal_it(go[0]);
		_exit(0);
	}
	wait_for_it(go[1]);
	waitpid(child, NULL, 0);
	pthread_cond_destroy(&box->full);
	pthread_mutex_destroy(&box->lock);
	return 0;
}
