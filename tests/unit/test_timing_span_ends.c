/* timing: spans of processes: children that end, stop, are killed; exec; threads at the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "spans_told.h"

#define A 64
#define B 128

/* A child: born before its first event, waited for; a second one is killed. */
static void test_children(void **state)
{
	struct fake_trace *fake = new_fake(1);

	(void)state;
	fake_process(fake, 2, 1, 1, 1500, "./prog");
	fake_thread(fake, 2, 1);
	fake_process(fake, 3, 1, 1, 2500, "./prog");
	fake_thread(fake, 3, 1);
	request(fake, 0, 1000, CT_EV_FORK, 0, 0);
	complete(fake, 0, 1600, CT_EV_FORK, 101, 0);
	request(fake, 0, 2000, CT_EV_FORK, 0, 0);
	complete(fake, 0, 2600, CT_EV_FORK, 102, 0);
	request(fake, 0, 3000, CT_EV_WAITPID, 101, 0);
	fake_start(fake, 1, 1700, 11, 0);
	rusage(fake, 1, 7000, CT_EV_PROCESS_EXIT);
	complete(fake, 0, 7500, CT_EV_WAITPID, 101, 0);
	fake_start(fake, 2, 2700, 11, 0);
	request(fake, 2, 3000, CT_EV_SEM_WAIT, A, 0);
	request(fake, 0, 8000, CT_EV_WAIT, UINT64_MAX, 0);
	complete(fake, 0, 9000, CT_EV_WAIT, 102, 9);
	rusage(fake, 0, 9500, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-3000\n"
		    "3.1 running 2500-3000\n"
		    "2.1 running 1500-7000\n"
		    "1.1 child 3000-7500 <2.1@7000\n"
		    "1.1 running 7500-8000\n"
		    "1.1 child 8000-9000 <3.1@8000\n"
		    "3.1 semaphore 3000-9000 ~\n"
		    "1.1 running 9000-9500\n");
}

/* waitpid tells of a child that stops, and lives on. */
static void test_stopped_child(void **state)
{
	struct fake_trace *fake = new_fake(1);

	(void)state;
	fake_process(fake, 2, 1, 1, 1500, "./prog");
	fake_thread(fake, 2, 1);
	request(fake, 0, 1000, CT_EV_FORK, 0, 0);
	complete(fake, 0, 1600, CT_EV_FORK, 101, 0);
	fake_start(fake, 1, 1700, 11, 0);
	request(fake, 0, 2000, CT_EV_WAITPID, 101, 2);
	complete(fake, 0, 3000, CT_EV_WAITPID, 101, 0x137f);
	request(fake, 0, 3500, CT_EV_WAITPID, 101, 8);
	complete(fake, 0, 4000, CT_EV_WAITPID, 101, 0xffff);
	rusage(fake, 1, 6000, CT_EV_PROCESS_EXIT);
	event(fake, 0, 8000, CT_EV_WAITPID, 101, 0);
	rusage(fake, 0, 9500, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-2000\n"
		    "1.1 child 2000-3000 <2.1@2000\n"
		    "1.1 running 3000-3500\n"
		    "1.1 child 3500-4000 <2.1@3500\n"
		    "2.1 running 1500-6000\n"
		    "1.1 running 4000-9500\n");
}

/* A child that was killed lived until then, though it was reaped some time later. */
static void test_killed_child(void **state)
{
	struct fake_trace *fake = new_fake(1);

	(void)state;
	fake_process(fake, 2, 1, 1, 1500, "./prog");
	fake_thread(fake, 2, 1);
	request(fake, 0, 1000, CT_EV_FORK, 0, 0);
	complete(fake, 0, 1600, CT_EV_FORK, 101, 0);
	fake_start(fake, 1, 1700, 11, 0);
	event(fake, 0, 5000, CT_EV_KILL, 101, 9);
	event(fake, 0, 8000, CT_EV_WAITPID, 101, 9);
	rusage(fake, 0, 9500, CT_EV_PROCESS_EXIT);
	check(fake, "2.1 running 1500-5000 ~\n"
		    "1.1 running 0-9500\n");
}

/* exec: the other threads are gone then, and the thread that goes on is the same. */
static void test_exec(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	fake_start(fake, 0, 100, 11, 0);
	fake_start(fake, 1, 200, 22, 1);
	request(fake, 1, 1000, CT_EV_SEM_WAIT, A, 0);
	event(fake, 0, 3000, CT_EV_EXEC, 0, 0);
	fake_fail(fake, 0, 3500, CT_EV_EXEC, 0, 2);
	event(fake, 0, 5000, CT_EV_EXEC, 0, 0);
	fake_start(fake, 0, 6000, 33, 0);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.2 running 200-1000\n"
		    "1.2 semaphore 1000-5000\n"
		    "1.1 running 0-9000\n");
}

/* A main thread that ended before another one calls exec begins anew. */
static void test_exec_without_main(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	fake_start(fake, 0, 100, 11, 0);
	fake_start(fake, 1, 200, 22, 1);
	rusage(fake, 0, 1000, CT_EV_THREAD_EXIT);
	event(fake, 1, 5000, CT_EV_EXEC, 0, 0);
	fake_start(fake, 0, 6000, 33, 0);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.2 running 200-5000\n"
		    "1.1 running 6000-9000\n");
}

/* A process that was killed: its threads end with its last event. */
static void test_killed(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	fake_start(fake, 0, 100, 11, 0);
	request(fake, 0, 1000, CT_EV_SEM_WAIT, A, 0);
	event(fake, 1, 4000, CT_EV_SEM_POST, B, 0);
	event(fake, 1, 7000, CT_EV_SEM_POST, B, 0);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 semaphore 1000-7000 ~\n"
		    "1.2 running 4000-7000 ~\n");
}

/* After the exit of the process its other threads may have a last word, which counts for nothing.
 */
static void test_after_exit(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	event(fake, 1, 1000, CT_EV_SEM_POST, B, 0);
	rusage(fake, 0, 5000, CT_EV_PROCESS_EXIT);
	event(fake, 1, 5100, CT_EV_SEM_POST, B, 0);
	request(fake, 1, 5200, CT_EV_SEM_WAIT, A, 0);
	check(fake, "1.1 running 0-5000\n"
		    "1.2 running 1000-5000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_children),	  cmocka_unit_test(test_stopped_child),
		cmocka_unit_test(test_killed_child),	  cmocka_unit_test(test_exec),
		cmocka_unit_test(test_exec_without_main), cmocka_unit_test(test_killed),
		cmocka_unit_test(test_after_exit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
