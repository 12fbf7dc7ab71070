/* What the supervisor is made of. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "live/aside.h"
#include "live/interrupts.h"
#include "live/proc.h"
#include "live/stopped.h"
#include "live/tree.h"

struct told {
	uint32_t pids[8];
	size_t count;
};

static void note_stopped(void *context, uint32_t pid, bool traced)
{
	struct told *told = context;

	assert_false(traced);
	told->pids[told->count++] = pid;
}

static void look(struct ct_stopped *stopped, const struct ct_scan *scan, struct told *told)
{
	assert_int_equal(ct_stopped_look(stopped, scan, note_stopped, told), CT_OK);
}

static void wait_for_state(pid_t pid, const char *states)
{
	struct ct_proc proc;

	do
		assert_true(ct_proc_read(pid, 0, &proc));
	while (!strchr(states, proc.state));
}

static void stop(pid_t pid)
{
	kill(pid, SIGSTOP);
	wait_for_state(pid, "T");
}

static pid_t start_sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			pause();
	}
	wait_for_state(pid, "S");
	return pid;
}

/* Also behind one that runs, and once for each time that it is stopped. */
static void stopped_processes_are_told_once(void **state)
{
	struct ct_scan_thread threads[3] = {0};
	const struct ct_scan scan = {.threads = threads, .count = 3};
	struct ct_stopped stopped = {0};
	struct told told = {0};
	struct ct_proc proc;
	pid_t pids[3];

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		pids[i] = start_sleeper();
		threads[i].pid = threads[i].tid = (uint32_t)pids[i];
		threads[i].process = i + 1;
		assert_true(ct_proc_read(pids[i], 0, &proc));
		threads[i].start = proc.start;
	}
	look(&stopped, &scan, &told);
	assert_int_equal(told.count, 0);
	for (int i = 1; i < 3; i++)
		stop(pids[i]);
	for (int i = 0; i < 2; i++)
		look(&stopped, &scan, &told);
	assert_int_equal(told.count, 2);
	assert_int_equal(told.pids[0], pids[1]);
	assert_int_equal(told.pids[1], pids[2]);
	kill(pids[2], SIGCONT);
	wait_for_state(pids[2], "SR");
	look(&stopped, &scan, &told);
	stop(pids[2]);
	look(&stopped, &scan, &told);
	assert_int_equal(told.count, 3);
	assert_int_equal(told.pids[2], pids[2]);
	for (int i = 0; i < 3; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	ct_stopped_fini(&stopped);
}

static void *sleep_long(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static bool lists(const struct ct_tree *tree, pid_t pid)
{
	struct ct_proc *list;
	size_t count;
	bool found = false;

	assert_int_equal(ct_tree_list(tree, &list, &count), CT_OK);
	for (size_t i = 0; i < count; i++)
		found = found || list[i].pid == pid;
	free(list);
	return found;
}

/* Its first thread has ended, the other one goes on. */
static pid_t start_headless(void)
{
	pid_t pid = fork();
	pthread_t thread;

	if (pid == 0) {
		if (pthread_create(&thread, NULL, sleep_long, NULL) == 0)
			pthread_exit(NULL);
		_exit(1);
	}
	wait_for_state(pid, "Z");
	return pid;
}

static void a_process_lives_without_its_first_thread(void **state)
{
	struct ct_tree tree;
	struct ct_proc proc;
	pid_t pid;

	(void)state;
	assert_int_equal(ct_tree_init(&tree, NULL), CT_OK);
	pid = start_headless();
	assert_true(lists(&tree, pid));
	assert_false(ct_tree_is_stopped(&tree, pid));
	assert_true(ct_tree_signal_one(&tree, pid, SIGSTOP));
	assert_false(ct_tree_signal_one(&tree, getppid(), 0));
	while (!ct_tree_is_stopped(&tree, pid))
		;
	assert_true(ct_tree_signal_one(&tree, pid, SIGKILL));
	while (ct_proc_read(pid, 0, &proc) && !ct_proc_is_gone(&proc))
		;
	assert_false(lists(&tree, pid));
	waitpid(pid, NULL, 0);
	ct_tree_fini(&tree);
}

static bool ends(bool catches, const uint64_t *times, size_t count)
{
	struct ct_interrupts interrupts = {0};

	for (size_t i = 0; i < count; i++)
		ct_interrupts_add(&interrupts, times[i]);
	return ct_interrupts_end(&interrupts, catches);
}

static void interrupts_end_what_does_not_heed_them(void **state)
{
	static const uint64_t fast[] = {1000, 2500, 2600, 2700, 2800}, slow[] = {1000, 4000, 9000};

	(void)state;
	assert_false(ends(false, fast, 1));
	assert_true(ends(false, fast, 2));
	assert_false(ends(false, slow, 2));
	assert_true(ends(false, slow, 3));
	assert_false(ends(true, fast, 4));
	assert_true(ends(true, fast, 5));
	assert_false(ends(true, slow, 3));
}

static void fate_of_an_interrupt(void **state)
{
	sigset_t set, before;

	(void)state;
	signal(SIGINT, SIG_IGN);
	assert_int_equal(ct_interrupt_fate(getpid()), CT_INTERRUPT_IGNORED);
	signal(SIGINT, SIG_DFL);
	assert_int_equal(ct_interrupt_fate(getpid()), CT_INTERRUPT_DEFAULT);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, &before);
	assert_int_equal(ct_interrupt_fate(getpid()), CT_INTERRUPT_CAUGHT); /* by sigwait, maybe */
	kill(getpid(), SIGINT);
	assert_int_equal(ct_interrupt_fate(getpid()), CT_INTERRUPT_IGNORED);
	assert_int_equal(sigwaitinfo(&set, NULL), SIGINT);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_int_equal(ct_interrupt_fate(0x3fffffff), CT_INTERRUPT_DEFAULT);
}

static void sleep_until_unwanted(void *data, const atomic_bool *unwanted)
{
	atomic_int *turns = data;

	while (!atomic_load(unwanted))
		atomic_fetch_add(turns, 1);
}

static void say_nothing(void *data, const atomic_bool *unwanted)
{
	(void)data;
	(void)unwanted;
}

static void work_aside_wakes_and_can_be_dropped(void **state)
{
	struct ct_aside aside = {0};
	sigset_t set, before;
	atomic_int turns = 0;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &before);
	assert_false(ct_aside_ended(&aside));
	ct_aside_begin(&aside, say_nothing, NULL);
	assert_int_equal(sigwaitinfo(&set, NULL), SIGCHLD);
	assert_true(ct_aside_ended(&aside));
	assert_false(ct_aside_ended(&aside));
	ct_aside_begin(&aside, sleep_until_unwanted, &turns);
	while (!atomic_load(&turns))
		;
	assert_false(ct_aside_ended(&aside));
	ct_aside_drop(&aside);
	ct_aside_drop(&aside);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stopped_processes_are_told_once),
		cmocka_unit_test(a_process_lives_without_its_first_thread),
		cmocka_unit_test(interrupts_end_what_does_not_heed_them),
		cmocka_unit_test(fate_of_an_interrupt),
		cmocka_unit_test(work_aside_wakes_and_can_be_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
