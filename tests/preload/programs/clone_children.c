/*
 * Children by clone(2) as courses show them: with a copy of the memory, with the memory itself,
 * with namespaces, while the parent goes on. Prints what came out; the trace of the recorder in
 * the parent must be whole.
 *
 *   clone_children fork | memory | vfork | namespaces | refused | byhand
 */
#include <errno.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK = 256 * 1024, PAIRS = 20000 };

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, mine = PTHREAD_MUTEX_INITIALIZER,
		       second_mine = PTHREAD_MUTEX_INITIALIZER;
static int shared;

static void pairs(pthread_mutex_t *mutex, int count)
{
	for (int i = 0; i < count; i++) {
		pthread_mutex_lock(mutex);
		pthread_mutex_unlock(mutex);
	}
}

static int child(void *arg)
{
	int count = *(int *)arg;

	shared++;
	pairs(&mine, count);
	return count % 100;
}

/* Has a mutex of its own: in a process with one thread, libc locks without atomic instructions. */
static int second_child(void *arg)
{
	pairs(&second_mine, *(int *)arg);
	return 1;
}

static void reap(pid_t pid, const char *what)
{
	int status = 0;
	pid_t got = waitpid(pid, &status, __WALL);

	printf("%s: %s, status %#x, shared %d\n", what, got == pid ? "reaped" : strerror(errno),
	       status, shared);
}

static void *new_stack(void)
{
	char *stack = malloc(STACK);

	if (!stack)
		exit(2);
	return stack + STACK;
}

static void fork_like(void)
{
	void *stack = new_stack();
	int counts[3] = {3, 5, 0};

	pairs(&m, 2);
	for (int i = 0; i < 3; i++) {
		pid_t pid = clone(child, stack, SIGCHLD, &counts[i]);

		reap(pid, "copy");
	}
	pairs(&m, 2);
}

/* Both at once, on one thread-local storage. */
static void in_memory(void)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD, count = PAIRS;
	void *stack = new_stack(), *second = new_stack();
	pid_t pid, other;

	pairs(&m, 3);
	pid = clone(child, stack, flags, &count);
	other = clone(second_child, second, flags, &count);
	pairs(&m, PAIRS);
	reap(pid, "shared");
	reap(other, "shared");
	pairs(&m, 4);
	pid = fork();
	if (pid == 0) {
		pairs(&m, 7);
		exit(9);
	}
	reap(pid, "fork of a parent that shares");
	pid = vfork();
	if (pid == 0)
		_exit(4);
	reap(pid, "vfork of a parent that shares");
}

static int exec_child(void *arg)
{
	execl("/bin/sh", "sh", "-c", "exit 5", (char *)NULL);
	return *(int *)arg;
}

static void vfork_like(void)
{
	void *stack = new_stack();
	int count = 5;

	for (int i = 0; i < 3; i++)
		reap(clone(child, stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &count), "vfork");
	reap(clone(exec_child, stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &count), "exec");
	pairs(&m, 6);
}

static int named_child(void *arg)
{
	char name[32] = "";

	sethostname("cloned", 6);
	gethostname(name, sizeof(name) - 1);
	pairs(&mine, *(int *)arg);
	printf("in the namespace: %s, pid %d\n", name, (int)getpid());
	fflush(stdout);
	return 0;
}

static void namespaces(void)
{
	void *stack = new_stack();
	int count = 2;

	for (int i = 0; i < 3; i++) {
		pid_t pid =
			clone(named_child, stack, CLONE_NEWUTS | CLONE_NEWPID | SIGCHLD, &count);

		if (pid < 0) {
			printf("no namespaces\n");
			return;
		}
		reap(pid, "namespace");
	}
}

static void refuse(int result)
{
	printf("%d, %s\n", result, strerror(errno));
	errno = 0;
}

static void refused(void)
{
	void *stack = new_stack();
	int count = 1;

	errno = 0;
	refuse(clone(NULL, stack, SIGCHLD, &count));
	refuse(clone(child, NULL, SIGCHLD, &count));
	refuse(clone(child, NULL, CLONE_VM | SIGCHLD, &count));
	refuse(clone(child, stack, CLONE_SIGHAND | SIGCHLD, &count));
	refuse(clone(child, stack, CLONE_THREAD | CLONE_VM, &count));
	pairs(&m, 3);
}

/* A vfork or CLONE_VM by syscall() cannot work in C: its child overwrites where it returns to. */
static void by_hand(void)
{
	struct clone_args args = {.exit_signal = SIGCHLD};
	pid_t tid = 0, pid;

	pairs(&m, 1);
	pid = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_PARENT_SETTID, NULL, &tid, NULL, 0UL);
	if (pid == 0) {
		pairs(&m, 5);
		exit(6);
	}
	printf("tid %s\n", pid == tid ? "set" : "not set");
	reap(pid, "clone");
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		exit(7);
	reap(pid, "clone3");
	pid = (pid_t)syscall(SYS_clone3, (void *)1, sizeof(args));
	printf("clone3: %d, %s\n", (int)pid, strerror(errno));
	pairs(&m, 3);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} all[] = {{"fork", fork_like},	       {"memory", in_memory}, {"vfork", vfork_like},
		   {"namespaces", namespaces}, {"refused", refused},  {"byhand", by_hand}};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (argc > 1 && strcmp(argv[1], all[i].name) == 0) {
			all[i].run();
			return 0;
		}
	}
	return 2;
}
