/*
 * What may happen to a program while its threads stand at traps: one case each, by name. Each says
 * what came of it, which is the same with traps and without.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

extern char **environ;

static volatile long shared[4]; /* raced on */
static atomic_int stop, started;

static void *work(void *unused)
{
	(void)unused;
	atomic_fetch_add(&started, 1);
	while (!atomic_load(&stop))
		for (int i = 0; i < 100; i++)
			shared[i & 3]++;
	return NULL;
}

static void begin_work(pthread_t threads[2])
{
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	while (atomic_load(&started) < 2)
		sched_yield();
}

static void end_work(pthread_t threads[2])
{
	atomic_store(&stop, 1);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static int status_of(pid_t pid)
{
	int status = -1;

	if (pid <= 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void forks(void)
{
	pthread_t threads[2];
	int good = 0;

	begin_work(threads);
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			for (int k = 0; k < 1000; k++)
				shared[k & 3]++;
			_exit(7);
		}
		good += status_of(pid) == 7;
	}
	end_work(threads);
	printf("forks %d\n", good);
}

static void *count_in_child(void *unused)
{
	(void)unused;
	for (int k = 0; k < 1000; k++)
		shared[k & 3]++;
	return NULL;
}

static void fork_with_threads(void)
{
	pthread_t threads[2], more[2];
	int good = 0;

	begin_work(threads);
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			for (int k = 0; k < 2; k++)
				pthread_create(&more[k], NULL, count_in_child, NULL);
			for (int k = 0; k < 2; k++)
				pthread_join(more[k], NULL);
			exit(3);
		}
		good += status_of(pid) == 3;
	}
	end_work(threads);
	printf("children with threads %d\n", good);
}

static void spawns(void)
{
	char *argv[] = {"true", NULL};
	pthread_t threads[2];
	volatile int good = 0;

	begin_work(threads);
	for (int i = 0; i < 10; i++) {
		pid_t pid = -1;

		if (posix_spawnp(&pid, "true", NULL, NULL, argv, environ) == 0)
			good += status_of(pid) == 0;
		pid = vfork();
		if (pid == 0) {
			shared[0]++;
			shared[1]++;
			execvp("true", argv);
			_exit(1);
		}
		good += status_of(pid) == 0;
		good += system("true") == 0;
	}
	end_work(threads);
	printf("spawned %d\n", good);
}

static void *wait_for_cancel(void *unused)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	return work(unused);
}

static void cancels(void)
{
	int good = 0;

	for (int i = 0; i < 50; i++) {
		pthread_t threads[2];
		void *results[2];

		atomic_store(&started, 0);
		for (int k = 0; k < 2; k++)
			pthread_create(&threads[k], NULL, wait_for_cancel, NULL);
		while (atomic_load(&started) < 2)
			sched_yield();
		for (int k = 0; k < 2; k++) {
			pthread_cancel(threads[k]);
			pthread_join(threads[k], &results[k]);
			good += results[k] == PTHREAD_CANCELED;
		}
	}
	printf("cancelled %d\n", good);
}

static void execs(const char *self)
{
	pthread_t threads[2];

	begin_work(threads);
	execl(self, self, "hello", (char *)NULL);
	printf("exec failed: %s\n", strerror(errno));
}

/* The next program may not do what only a tracer would. */
static void filtered(const char *self)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof(code) / sizeof(*code), code};
	char *argv[] = {(char *)self, "hello", NULL};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0)
		execv(self, argv);
}

static void failing_execs(void)
{
	pthread_t threads[2];
	int good = 0;

	begin_work(threads);
	for (int i = 0; i < 10; i++)
		good += execl("/nonexistent", "x", (char *)NULL) == -1;
	end_work(threads);
	printf("execs that failed %d\n", good);
}

static void exits(void)
{
	pthread_t threads[2];

	begin_work(threads);
	printf("leaving\n");
	exit(5);
}

static void *recurse(void *context)
{
	shared[0]++;
	return context;
}

/* Threads with the smallest stack that there may be. */
static void small_stacks(void)
{
	pthread_attr_t attributes;
	pthread_t threads[4];
	int good = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 4; i++)
			pthread_create(&threads[i], &attributes, recurse, NULL);
		for (int i = 0; i < 4; i++)
			good += pthread_join(threads[i], NULL) == 0;
	}
	printf("small stacks %d\n", good);
}

static ucontext_t home, routine;
static long switches;

static void turn(void)
{
	for (;;) {
		shared[1]++;
		switches++;
		swapcontext(&routine, &home);
	}
}

/* Coroutines with 8 KB. */
static void contexts(void)
{
	static char stack[8192] __attribute__((aligned(16)));
	pthread_t threads[2];

	begin_work(threads);
	getcontext(&routine);
	routine.uc_stack.ss_sp = stack;
	routine.uc_stack.ss_size = sizeof(stack);
	routine.uc_link = NULL;
	makecontext(&routine, turn, 0);
	for (int i = 0; i < 1000; i++)
		swapcontext(&home, &routine);
	end_work(threads);
	printf("switched %ld\n", switches);
}

static jmp_buf back;

static void jump(int i)
{
	shared[i & 3]++;
	longjmp(back, 1);
}

static void jumps(void)
{
	pthread_t threads[2];
	volatile int jumped = 0;

	begin_work(threads);
	for (volatile int i = 0; i < 1000; i++)
		if (setjmp(back))
			jumped++;
		else
			jump(i);
	end_work(threads);
	printf("jumped %d\n", jumped);
}

static atomic_int signals, strange;

static void on_signal(int number, siginfo_t *info, void *context)
{
	const ucontext_t *c = context;
	void *pc = (void *)c->uc_mcontext.gregs[REG_RIP];
	struct dl_find_object found;

	(void)number;
	(void)info;
	if (_dl_find_object(pc, &found) != 0)
		atomic_fetch_add(&strange, 1);
	shared[2]++;
	atomic_fetch_add(&signals, 1);
}

/* Signals that come while their thread is held. */
static void handles(void)
{
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
	pthread_t threads[2];
	int sent = 0;

	sigaction(SIGUSR1, &action, NULL);
	begin_work(threads);
	for (int i = 0; i < 300; i++) {
		pthread_kill(threads[i & 1], SIGUSR1);
		sent++;
		while (atomic_load(&signals) < sent)
			sched_yield();
	}
	end_work(threads);
	printf("handled %d, %d in no module\n", atomic_load(&signals), atomic_load(&strange));
}

extern char __executable_start[], etext[];

/* The sum of its own code. */
static uint64_t sum_of_code(void)
{
	uint64_t sum = 0;

	for (const volatile char *at = __executable_start; at < etext; at++)
		sum = sum * 31 + (unsigned char)*at;
	return sum;
}

static void reads_code(void)
{
	uint64_t before = sum_of_code(), after;
	pthread_t threads[2];

	begin_work(threads);
	after = sum_of_code();
	end_work(threads);
	printf("code %s\n", before == after ? "same" : "changed");
}

static void writes_code(void)
{
	uintptr_t page = (uintptr_t)work & ~(uintptr_t)4095;
	pthread_t threads[2];
	int good = 0;

	begin_work(threads);
	for (int i = 0; i < 3; i++) {
		good += mprotect((void *)page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
		good += mprotect((void *)page, 4096, PROT_READ | PROT_EXEC) == 0;
		good += pkey_mprotect((void *)page, 4096, PROT_READ | PROT_EXEC, -1) == 0;
	}
	end_work(threads);
	printf("protected %d\n", good);
}

static atomic_int expired;

static void on_timer(union sigval value)
{
	shared[value.sival_int & 3]++;
	atomic_fetch_add(&expired, 1);
}

/* libc blocks all signals in the thread that runs this. */
static void timers(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD};
	struct itimerspec when = {.it_value = {0, 1000000}, .it_interval = {0, 1000000}};
	pthread_t threads[2];
	timer_t timer;

	event.sigev_notify_function = on_timer;
	begin_work(threads);
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &when, NULL);
	while (atomic_load(&expired) < 5)
		sched_yield();
	timer_delete(timer);
	end_work(threads);
	printf("expired\n");
}

/* Above those that the recorder has for a moment. */
enum { FD_FIRST = 50, FD_END = 1000 };

/* Closes what it has not opened: it must not find anything there. */
static void limit_descriptors(void)
{
	struct rlimit limit = {FD_END, FD_END};

	setrlimit(RLIMIT_NOFILE, &limit);
}

static int close_each(void)
{
	int closed = 0;

	for (int fd = FD_FIRST; fd < FD_END; fd++)
		closed += close(fd) == 0;
	return closed;
}

static void closes(void)
{
	pthread_t threads[2];

	limit_descriptors();
	begin_work(threads);
	printf("closed %d\n", close_each());
	end_work(threads);
}

/* What a child on our memory closes is its own. */
static void borrows(void)
{
	pthread_t threads[2];
	volatile int good = 0;

	limit_descriptors();
	begin_work(threads);
	for (int i = 0; i < 10; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			closefrom(FD_FIRST);
			shared[0]++;
			_exit(5);
		}
		good += status_of(pid) == 5;
	}
	printf("children %d, closed %d\n", good, close_each());
	end_work(threads);
}

/* A child's descriptors are all that its parent has. */
static void reopens(void)
{
	pthread_t threads[2];
	int good = 0;
	pid_t pid;

	limit_descriptors();
	begin_work(threads);
	for (int fd = FD_FIRST; fd < FD_END; fd++) {
		syscall(SYS_close, fd); /* which no hook sees */
		good += dup2(0, fd) == fd;
	}
	pid = fork();
	if (pid == 0) {
		good = 0;
		for (int fd = FD_FIRST; fd < FD_END; fd++)
			good += fcntl(fd, F_GETFD) != -1;
		_exit(good == FD_END - FD_FIRST ? 5 : 6);
	}
	printf("opened %d, child %d\n", good, status_of(pid));
	end_work(threads);
}

static void descriptors(void)
{
	pthread_t threads[2];
	int good = 0;

	limit_descriptors();
	begin_work(threads);
	for (int fd = FD_FIRST; fd < FD_END; fd++)
		good += dup2(0, fd) == fd;
	closefrom(FD_FIRST);
	shared[0]++;
	end_work(threads);
	printf("copied %d\n", good);
}

/* Another process races on this. */
static void shares(void)
{
	volatile long *memory =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();

	for (int i = 0; i < 100000; i++)
		memory[0]++;
	if (pid == 0)
		_exit(9);
	printf("child %d\n", status_of(pid));
}

/* The first thread is that of a library which is being unloaded. */
static void unloads(void)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 32);
	pthread_t threads[2];
	void *library;

	path[length < 0 ? 0 : length] = 0;
	strcpy(strrchr(path, '/') + 1, "plug_thread.so");
	library = dlopen(path, RTLD_NOW);
	printf("unloaded %d\n", library && dlclose(library) == 0);
	begin_work(threads);
	for (int i = 0; i < 1000000; i++)
		shared[i & 3]++;
	end_work(threads);
}

/* What is known of its traps must be in the trace by then. */
static void killed(void)
{
	pthread_t threads[2];

	begin_work(threads);
	kill(getpid(), SIGKILL);
}

static void hello(void)
{
	pthread_t threads[2];

	begin_work(threads);
	end_work(threads);
	printf("hello\n");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} cases[] = {
		{"forks", forks},
		{"fork_with_threads", fork_with_threads},
		{"spawns", spawns},
		{"cancels", cancels},
		{"exits", exits},
		{"failing_execs", failing_execs},
		{"small_stacks", small_stacks},
		{"contexts", contexts},
		{"jumps", jumps},
		{"handles", handles},
		{"reads_code", reads_code},
		{"writes_code", writes_code},
		{"timers", timers},
		{"closes", closes},
		{"borrows", borrows},
		{"reopens", reopens},
		{"descriptors", descriptors},
		{"shares", shares},
		{"unloads", unloads},
		{"killed", killed},
		{"hello", hello},
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && strcmp(argv[1], "execs") == 0)
		execs(argv[0]);
	if (argc > 1 && strcmp(argv[1], "filtered") == 0)
		filtered(argv[0]);
	for (unsigned i = 0; argc > 1 && i < sizeof(cases) / sizeof(*cases); i++) {
		if (strcmp(argv[1], cases[i].name) != 0)
			continue;
		cases[i].run();
		return 0;
	}
	return 2;
}
