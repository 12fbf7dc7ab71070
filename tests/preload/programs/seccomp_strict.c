/*
 * A thread in seccomp's strict mode, which the kernel kills for any other call than read, write and
 * its end: it uses locks and the heap, sees a handler come and go, and lives.
 */
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static volatile sig_atomic_t handled;

static void say(const char *text, size_t size)
{
	if (write(STDOUT_FILENO, text, size) != (ssize_t)size)
		syscall(SYS_exit, 1);
}

static void handle(int signal)
{
	handled = signal;
	say("signal\n", 7);
}

static void use_heap(void)
{
	void *volatile block = malloc(20);

	free(block);
}

static void use_locks(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_wrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_destroy(&rwlock);
	pthread_mutex_destroy(&mutex);
}

int main(void)
{
	struct itimerval soon = {.it_value.tv_usec = 1000};

	use_heap(); /* which asks the kernel for memory the first time */
	signal(SIGALRM, handle);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
		return 77;
	while (!handled)
		use_heap();
	use_locks();
	say("alive\n", 6);
	syscall(SYS_exit, 3);
}
