/*
 * Signals that the program's own instructions raise: a handler that steps over the instruction, one
 * that jumps back from a stack that has overflowed while locks are taken, and what abort() and
 * system() do with handlers. Prints what happened.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static pthread_mutex_t mutex;
static sigjmp_buf back;
static volatile int calls;

/* ud2 is two bytes; so is the load that faults */
static void step_over(int signal, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	(void)info;
	calls += signal == SIGSEGV ? 1 : 100;
	c->uc_mcontext.gregs[REG_RIP] += 2;
	c->uc_mcontext.gregs[REG_RAX] = 55;
}

static void step_over_faults(void)
{
	struct sigaction action = {.sa_sigaction = step_over, .sa_flags = SA_SIGINFO};
	long sum = 0;

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	for (int i = 0; i < 50; i++) {
		long rax = 0;

		__asm__ volatile(".byte 0x8b, 0x00" : "+a"(rax)); /* mov (%rax), %eax */
		sum += rax;
		__asm__ volatile("ud2" : "+a"(rax));
		sum += rax;
	}
	printf("calls %d, sum %ld\n", calls, sum);
}

static void jump_back(int signal)
{
	siglongjmp(back, signal);
}

static volatile int endless = 1;

static __attribute__((noinline)) int go_down(int depth)
{
	volatile char frame[200];

	frame[0] = (char)depth;
	if (!endless)
		return 0;
	pthread_mutex_init(&mutex, NULL);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return go_down(depth + 1) + frame[0];
}

static void overflow(int rounds)
{
	struct sigaction action = {.sa_handler = jump_back, .sa_flags = SA_ONSTACK};
	static char memory[65536];
	stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};
	volatile int done = 0;

	sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigsetjmp(back, 1);
	if (done++ < rounds)
		go_down(0);
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
	printf("overflows %d\n", done - 1);
}

/* After all of that locks are still recorded. */
static void work(int pairs)
{
	pthread_mutex_init(&mutex, NULL);
	for (int i = 0; i < pairs; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

static void *overflow_there(void *unused)
{
	overflow(10);
	work(1000);
	return unused;
}

static void return_at_once(int signal)
{
	(void)signal;
	if (write(1, "handler\n", 8) != 8)
		_exit(99);
}

static int in_child(void (*body)(void))
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		body();
		fflush(stdout);
		_exit(3);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 1000 + WEXITSTATUS(status);
}

static void abort_with_handler(void)
{
	signal(SIGABRT, return_at_once);
	abort();
}

static void abort_and_jump(void)
{
	signal(SIGABRT, jump_back);
	if (sigsetjmp(back, 1) == 0)
		abort();
	printf("jumped out of abort\n");
}

static void fault_again(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

/* A recorder that reads the counter itself must do without it, in handlers too. */
static void forbid_counter(void)
{
	unsigned low, high;
	struct sigaction action = {.sa_sigaction = step_over, .sa_flags = SA_SIGINFO};

	sigaction(SIGSEGV, &action, NULL);
	calls = 0;
	if (prctl(PR_SET_TSC, PR_TSC_SIGSEGV))
		_exit(3);
	for (int i = 0; i < 5; i++)
		__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	work(1000);
	printf("calls %d\n", calls);
}

static void run_shell(void)
{
	struct sigaction action;
	int status;

	signal(SIGINT, return_at_once);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGCHLD, return_at_once);
	fflush(stdout);
	status = system("kill -INT $$; exit 4");
	sigaction(SIGINT, NULL, &action);
	printf("system: %x, SIGINT's handler is %s", (unsigned)status,
	       action.sa_handler == return_at_once ? "its own" : "another");
	sigaction(SIGQUIT, NULL, &action);
	printf(", SIGQUIT is %s\n", action.sa_handler == SIG_IGN ? "ignored" : "not ignored");
	fflush(stdout);
	raise(SIGINT);
}

int main(void)
{
	struct rlimit limit;
	pthread_attr_t attributes;
	pthread_t thread;

	step_over_faults();
	getrlimit(RLIMIT_STACK, &limit);
	limit.rlim_cur = 128 << 10;
	setrlimit(RLIMIT_STACK, &limit);
	overflow(10);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 64 << 10);
	pthread_create(&thread, &attributes, overflow_there, NULL);
	pthread_join(thread, NULL);
	printf("abort: %d\n", in_child(abort_with_handler));
	printf("abort and jump: %d\n", in_child(abort_and_jump));
	printf("default again: %d\n", in_child(fault_again));
	printf("without counter: %d\n", in_child(forbid_counter));
	run_shell();
	work(1000);
	return 8;
}
