/*
 * A counter in shared memory, guarded by a mutex with default attributes: it excludes the threads
 * of one process from each other. Between two processes it works as long as nobody has to wait.
 *
 * expect: not-process-shared - count_in_parent count_in_child main error
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct counter {
	pthread_mutex_t lock;
	long value;
};

static struct counter *counter;

static void add(void)
{
	pthread_mutex_lock(&counter->lock);
	counter->value++;
	pthread_mutex_unlock(&counter->lock);
}

static void count_in_child(void)
{
	add();
}

static void count_in_parent(void)
{
	add();
}

int main(void)
{
	int done[2];
	char byte = 0;
	pid_t child;

	counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	pthread_mutex_init(&counter->lock, NULL);
	if (pipe(done))
		return 1;
	child = fork();
	if (child == 0) {
		count_in_child();
		if (write(done[1], &byte, 1) != 1)
			_exit(1);
		_exit(0);
	}
	if (read(done[0], &byte, 1) != 1)
		return 1;
	count_in_parent();
	waitpid(child, NULL, 0);
	pthread_mutex_destroy(&counter->lock);
	return counter->value == 2 ? 0 : 1;
}
