/* Linked to a program: its constructor comes before the recorder's. */
#include <dlfcn.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void early(void);

static int child(void *arg)
{
	(void)arg;
	return 3;
}

static __attribute__((constructor)) void begin(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	void *libm = dlopen("libm.so.6", RTLD_NOW);
	unsigned word = 1;
	int status = 0;

	printf("early: libm %s, closed %d\n", libm ? "loaded" : "not loaded", dlclose(libm));
	libm = dlmopen(LM_ID_NEWLM, "libm.so.6", RTLD_NOW);
	printf("early: another libm %s\n", libm ? "loaded" : "not loaded");
	printf("early: futex %ld\n", syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 2, NULL));
	waitpid(clone(child, stack + sizeof(stack), SIGCHLD, NULL), &status, 0);
	printf("early: child %d\n", WEXITSTATUS(status));
	fflush(stdout);
}

void early(void)
{
}
