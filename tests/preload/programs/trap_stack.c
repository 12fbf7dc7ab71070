/*
 * Accesses where next to nothing is left of the stack. That a trap needs some of it may make it
 * overflow: then the handler of SIGSEGV, on a stack of its own, is told of an instruction of the
 * program's and of an address beyond the stack's end, and jumps back. Prints what was wrong; with
 * the argument "overflows", whether there was an overflow at all.
 */
#include <alloca.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { SIZE = 1 << 18, GUARD = 1 << 16, STEP = 48, STEPS = 128, LEFT = 96 };

static char *stack;
static sigjmp_buf back;
static volatile sig_atomic_t overflows, wrong_address, wrong_code, wrong_mask;
static volatile long cells[1024];

static __attribute__((noinline, section("touching"))) void touch(unsigned i)
{
	cells[i] = i;
	cells[i + STEPS] = i;
	cells[i + 2 * STEPS]++;
}

extern char __start_touching[], __stop_touching[];

static void on_fault(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *c = context;
	const char *at = info->si_addr, *pc = (const char *)c->uc_mcontext.gregs[REG_RIP];
	sigset_t mask;

	(void)signal;
	overflows++;
	wrong_address += at < stack - GUARD || at >= stack;
	wrong_code += pc < __start_touching || pc >= __stop_touching;
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	wrong_mask += sigismember(&mask, SIGUSR1) != 0 || sigismember(&mask, SIGSEGV) != 1;
	wrong_mask += sigismember(&c->uc_sigmask, SIGUSR1) != 0;
	siglongjmp(back, 1);
}

static __attribute__((noinline)) void touch_at(unsigned i, char *lowest)
{
	char here, *room;

	if (sigsetjmp(back, 1))
		return;
	room = alloca((size_t)(&here - lowest));
	__asm__ volatile("" : : "r"(room) : "memory");
	touch(i);
}

static void *run(void *unused)
{
	static char own[1 << 16];
	stack_t alternate = {.ss_sp = own, .ss_size = sizeof(own)};

	sigaltstack(&alternate, NULL);
	for (unsigned i = 0; i < STEPS; i++)
		touch_at(i, stack + LEFT + (size_t)(STEPS - i) * STEP);
	alternate.ss_flags = SS_DISABLE;
	sigaltstack(&alternate, NULL);
	return unused;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	pthread_attr_t attributes;
	pthread_t thread;

	if (argc < 2)
		return 2;
	stack = mmap(NULL, GUARD + SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack += GUARD;
	mprotect(stack, SIZE, PROT_READ | PROT_WRITE);
	sigaction(SIGSEGV, &action, NULL);
	for (int round = 0; round < 20; round++) {
		pthread_attr_init(&attributes);
		pthread_attr_setstack(&attributes, stack, SIZE);
		if (pthread_create(&thread, &attributes, run, NULL) != 0)
			return 1;
		pthread_join(thread, NULL);
		pthread_attr_destroy(&attributes);
	}
	printf("wrong: %d addresses, %d instructions, %d masks\n", wrong_address, wrong_code,
	       wrong_mask);
	if (strcmp(argv[1], "overflows") == 0)
		printf("overflows: %s\n", overflows ? "some" : "none");
	return 0;
}
