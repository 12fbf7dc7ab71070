/* Every macro of conctrace.h once, in an order that test_annotate.sh knows. Says how often an
 * argument was evaluated and whether errno was left alone. "active": whether the recorder is there.
 */
#include "../../../preload/conctrace.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char a, b, published;
static int evaluated;

static void *counted(void *object)
{
	evaluated++;
	return object;
}

static void names(void)
{
	char text[] = "lock of mine";

	CONCTRACE_NAME(counted(&a), text);
	memset(text, 'x', sizeof(text) - 1); /* it was copied */
	CONCTRACE_NAME(&b, "");
	CONCTRACE_NAME(NULL, "nothing");
	CONCTRACE_NAME(&b, NULL);
	CONCTRACE_THREAD_NAME("a name that is longer than sixteen");
	CONCTRACE_THREAD_NAME(NULL);
}

static void locks(void)
{
	CONCTRACE_LOCK_REQUEST(counted(&a));
	nanosleep(&(struct timespec){.tv_nsec = 1}, NULL); /* the lock waits with something */
	CONCTRACE_LOCK_ACQUIRED(counted(&a));
	CONCTRACE_LOCK_TRIED(counted(&b), evaluated < 0);
	CONCTRACE_LOCK_TRIED(&b, evaluated > 0);
	CONCTRACE_LOCK_RELEASE(counted(&b));
	CONCTRACE_LOCK_RELEASE(&a);
	CONCTRACE_LOCK_TIMED_REQUEST(counted(&a));
	CONCTRACE_LOCK_GAVE_UP(counted(&a));
	CONCTRACE_LOCK_ACQUIRED(&a);
	CONCTRACE_LOCK_RELEASE(&a);
	CONCTRACE_LOCK_GAVE_UP(&a);
	CONCTRACE_LOCK_RELEASE(&a); /* not held */
}

static void shared_locks(void)
{
	CONCTRACE_RDLOCK_REQUEST(counted(&a));
	CONCTRACE_RDLOCK_REQUEST(&b); /* within: the lock is made of another one */
	CONCTRACE_RDLOCK_ACQUIRED(&b);
	CONCTRACE_RDLOCK_ACQUIRED(counted(&a));
	CONCTRACE_RDLOCK_TRIED(counted(&a), 0);
	CONCTRACE_LOCK_RELEASE(&b);
	CONCTRACE_LOCK_RELEASE(&a);
	CONCTRACE_RDLOCK_TIMED_REQUEST(counted(&b));
	CONCTRACE_RDLOCK_GAVE_UP(counted(&b));
}

/* Requests that never get an answer, and more of them than are kept. */
static void unanswered(void)
{
	static char objects[10];

	CONCTRACE_LOCK_REQUEST(&a);
	for (int i = 0; i < 10; i++)
		CONCTRACE_LOCK_REQUEST(&objects[i]);
	for (int i = 9; i >= 5; i--)
		CONCTRACE_LOCK_ACQUIRED(&objects[i]);
	CONCTRACE_LOCK_ACQUIRED(&a);
	for (int i = 9; i >= 5; i--)
		CONCTRACE_LOCK_RELEASE(&objects[i]);
	CONCTRACE_LOCK_RELEASE(&a);
}

static void *others(void *unused)
{
	CONCTRACE_HAPPENS_AFTER(counted(&published));
	CONCTRACE_THREAD_NAME("other");
	for (int i = 0; i < 3; i++) {
		CONCTRACE_REGION_BEGIN("work");
		CONCTRACE_REGION_END();
	}
	CONCTRACE_IGNORE_BEGIN();
	CONCTRACE_IGNORE_END();
	return unused;
}

/* A forked child may begin with a name. */
static void child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		CONCTRACE_NAME(&a, "child's");
		CONCTRACE_REGION_BEGIN("work");
		CONCTRACE_REGION_END();
		_exit(CONCTRACE_ACTIVE() < 0);
	}
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc > 1 && strcmp(argv[1], "active") == 0) {
		printf("%d\n", CONCTRACE_ACTIVE());
		return 0;
	}
	errno = 4711;
	names();
	locks();
	shared_locks();
	unanswered();
	CONCTRACE_HAPPENS_BEFORE(counted(&published));
	printf("errno %d\n", errno);
	pthread_create(&thread, NULL, others, NULL);
	pthread_join(thread, NULL);
	child();
	printf("evaluated %d times\n", evaluated);
	return 0;
}
