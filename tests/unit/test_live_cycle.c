#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "live/clock.h"
#include "live/cycle.h"
#include "live/maps.h"
#include "live/proc.h"

/* Scans are made by hand; all threads are a process of the test's that sleeps, as the kernel is
 * asked of those that seem to be stuck. */
enum { THREADS = 8, LOCK_A = 0x1000, LOCK_B = 0x2000, LOCK_C = 0x3000 };

static pid_t sleeper;

struct fake {
	struct ct_scan scan;
	struct ct_scan_thread threads[THREADS];
	struct ct_held held[THREADS];
};

static int start_sleeper(void **state)
{
	struct ct_proc proc = {0};

	(void)state;
	sleeper = fork();
	if (sleeper == 0) {
		for (;;)
			pause();
	}
	while (!ct_proc_read(sleeper, 0, &proc) || proc.state != 'S')
		;
	return 0;
}

static int end_sleeper(void **state)
{
	(void)state;
	kill(sleeper, SIGKILL);
	waitpid(sleeper, NULL, 0);
	return 0;
}

/* Whose first thread it is. */
static void set_pid(struct ct_scan_thread *thread, pid_t pid)
{
	struct ct_proc proc = {0};

	assert_true(ct_proc_read(pid, 0, &proc));
	thread->pid = thread->tid = (uint32_t)pid;
	thread->start = proc.start;
}

/* A thread that holds one lock, or none if 0, and has been waiting since the scan before. */
static struct ct_scan_thread *add(struct fake *fake, uint16_t event, uint64_t object, uint64_t held)
{
	struct ct_scan *scan = &fake->scan;
	struct ct_scan_thread *thread = &fake->threads[scan->count];

	scan->threads = fake->threads;
	scan->held = fake->held;
	*thread = (struct ct_scan_thread){.process = 1,
					  .thread = (uint32_t)scan->count + 1,
					  .pthread = 0x100 + scan->count + 1,
					  .epoch = 5,
					  .event = event,
					  .object = object,
					  .held = scan->held_count,
					  .held_count = held != 0,
					  .steady = true};
	set_pid(thread, sleeper);
	if (held)
		fake->held[scan->held_count++] =
			(struct ct_held){.object = held, .event = CT_EV_MUTEX_LOCK, .depth = 1};
	scan->count++;
	return thread;
}

static size_t stuck(const struct fake *fake)
{
	struct ct_cycles cycles;
	size_t count;

	assert_int_equal(ct_cycles_find(&fake->scan, NULL, &cycles), CT_OK);
	count = cycles.count;
	assert_int_equal(cycles.fingerprint != 0, count != 0);
	return count;
}

static void two_locks_in_a_circle(void **state)
{
	struct fake fake = {0};
	struct ct_scan_thread *runner;

	(void)state;
	assert_int_equal(stuck(&fake), 0);
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_B, LOCK_A);
	assert_int_equal(stuck(&fake), 0);
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_A, LOCK_B);
	assert_int_equal(stuck(&fake), 2);
	runner = add(&fake, CT_EV_MUTEX_LOCK, 0, LOCK_C);
	runner->epoch = 4;
	assert_int_equal(stuck(&fake), 2); /* others may run */
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_C, 0);
	assert_int_equal(stuck(&fake), 2); /* and be waited for */
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_A, 0);
	assert_int_equal(stuck(&fake), 3); /* behind the circle */
	fake.threads[0].flags = CT_F_TIMED;
	assert_int_equal(stuck(&fake), 0);
	fake.threads[0].flags = 0;
	fake.threads[1].steady = false;
	assert_int_equal(stuck(&fake), 0);
}

static void readers_keep_writers_out_only(void **state)
{
	struct fake fake = {0};

	(void)state;
	add(&fake, CT_EV_RWLOCK_RDLOCK, LOCK_B, LOCK_A);
	add(&fake, CT_EV_RWLOCK_RDLOCK, LOCK_A, LOCK_B);
	fake.held[0].event = fake.held[1].event = CT_EV_RWLOCK_RDLOCK;
	assert_int_equal(stuck(&fake), 0);
	fake.threads[0].event = fake.threads[1].event = CT_EV_RWLOCK_WRLOCK;
	assert_int_equal(stuck(&fake), 2);
}

static void relock_and_join(void **state)
{
	struct fake fake = {0};

	(void)state;
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_A, LOCK_A);
	assert_int_equal(stuck(&fake), 1);
	add(&fake, CT_EV_THREAD_JOIN, 0x101, 0);
	assert_int_equal(stuck(&fake), 2);
	fake.threads[0].event = CT_EV_SEM_WAIT; /* no ownership: somebody may post */
	assert_int_equal(stuck(&fake), 0);
}

/* Whoever signals, the waiter has to have its mutex again. */
static void condition_whose_mutex_stays(void **state)
{
	struct fake fake = {0};

	(void)state;
	add(&fake, CT_EV_COND_WAIT, LOCK_C, 0)->arg = LOCK_A;
	add(&fake, CT_EV_THREAD_JOIN, 0x101, LOCK_A);
	assert_int_equal(stuck(&fake), 2);
	fake.held[0].object = LOCK_B;
	assert_int_equal(stuck(&fake), 0);
	fake.held[0].object = LOCK_A;
	fake.threads[0].arg = 0;
	assert_int_equal(stuck(&fake), 0);
}

/* A writer that waits keeps readers out of a lock that prefers writers. */
static void reader_behind_a_writer(void **state)
{
	struct fake fake = {0};

	(void)state;
	add(&fake, CT_EV_RWLOCK_RDLOCK, LOCK_A, LOCK_A);
	fake.held[0].event = CT_EV_RWLOCK_RDLOCK;
	assert_int_equal(stuck(&fake), 0);
	add(&fake, CT_EV_RWLOCK_WRLOCK, LOCK_A, 0);
	assert_int_equal(stuck(&fake), 2);
	fake.threads[1].flags = CT_F_TIMED;
	assert_int_equal(stuck(&fake), 0);
}

/* Nobody has the lock, and who waits for it did not move for a while. */
static void lock_that_nobody_has(void **state)
{
	struct fake fake = {0};
	struct ct_scan_thread *holder;

	(void)state;
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_A, 0);
	assert_int_equal(stuck(&fake), 0);
	fake.threads[0].seen_ms = ct_clock_ms();
	assert_int_equal(stuck(&fake), 0); /* not yet */
	fake.threads[0].seen_ms = 1;
	assert_int_equal(stuck(&fake), 1);
	add(&fake, CT_EV_THREAD_JOIN, 0x101, 0);
	assert_int_equal(stuck(&fake), 2);
	fake.threads[0].event = CT_EV_USER_LOCK; /* which anybody may give back */
	assert_int_equal(stuck(&fake), 0);
	fake.threads[0].event = CT_EV_MUTEX_LOCK;
	holder = add(&fake, CT_EV_SLEEP, 0, LOCK_A);
	assert_int_equal(stuck(&fake), 0);
	holder->held_count = 0; /* taken while it waits */
	holder->held_later = 1;
	assert_int_equal(stuck(&fake), 0);
	holder->held_later = 0;
	assert_int_equal(stuck(&fake), 2);
	holder->holds_more = true;
	assert_int_equal(stuck(&fake), 0);
}

/* A condition's mutex is free as a rule. */
static void condition_whose_mutex_nobody_has(void **state)
{
	struct fake fake = {0};
	struct ct_scan_thread *waiter = add(&fake, CT_EV_COND_WAIT, LOCK_C, 0);

	(void)state;
	waiter->arg = LOCK_A;
	waiter->seen_ms = 1;
	assert_int_equal(stuck(&fake), 0);
}

/* What the kernel said is remembered, unless it may say something else. */
static void kernel_is_asked_once(void **state)
{
	struct ct_cycles_asked asked = {0};
	struct ct_cycles cycles;
	struct fake fake = {0};

	(void)state;
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_A, LOCK_A);
	set_pid(&fake.threads[0], getpid());
	assert_int_equal(ct_cycles_find(&fake.scan, &asked, &cycles), CT_OK);
	assert_int_equal(cycles.count, 0); /* we run */
	set_pid(&fake.threads[0], sleeper);
	fake.threads[0].since++;
	assert_int_equal(ct_cycles_find(&fake.scan, &asked, &cycles), CT_OK);
	assert_int_equal(cycles.count, 1); /* another call */
	asked = (struct ct_cycles_asked){.fingerprint = cycles.fingerprint, .at_ms = ct_clock_ms()};
	assert_int_equal(ct_cycles_find(&fake.scan, &asked, &cycles), CT_OK);
	assert_int_equal(cycles.count, 0);
	asked.at_ms -= 5000;
	assert_int_equal(ct_cycles_find(&fake.scan, &asked, &cycles), CT_OK);
	assert_int_equal(cycles.count, 1);
}

/* A child ends when any of its threads ends it. */
static void wait_for_a_child(void **state)
{
	struct fake fake = {0};
	struct ct_scan_thread *child;

	(void)state;
	set_pid(add(&fake, CT_EV_WAITPID, (uint64_t)sleeper, 0), getpid());
	child = add(&fake, CT_EV_MUTEX_LOCK, LOCK_A, LOCK_A);
	child->process = 2;
	/* our own thread runs, which the kernel tells: it is no witness */
	assert_int_equal(stuck(&fake), 1);
	set_pid(&fake.threads[0], sleeper);
	fake.threads[0].object = (uint64_t)sleeper;
	assert_int_equal(stuck(&fake), 2);
	child = add(&fake, CT_EV_SLEEP, 0, 0);
	child->process = 2;
	assert_int_equal(stuck(&fake), 1);
}

/* The same address in two processes is two locks, unless it is shared memory. */
static void locks_of_two_processes(void **state)
{
	char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t a = (uint64_t)(uintptr_t)shared + 8, b = a + 64;
	pid_t before = sleeper, pid;
	struct fake fake = {0};

	(void)state;
	assert_ptr_not_equal(shared, MAP_FAILED);
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_B, LOCK_A);
	add(&fake, CT_EV_MUTEX_LOCK, LOCK_A, LOCK_B)->process = 2;
	assert_int_equal(stuck(&fake), 0);
	start_sleeper(state); /* it has the mapping */
	pid = sleeper;
	sleeper = before;
	for (int i = 0; i < 2; i++) {
		set_pid(&fake.threads[i], pid);
		fake.threads[i].object = i ? a : b;
		fake.held[i].object = i ? b : a;
	}
	assert_int_equal(stuck(&fake), 2);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(stuck(&fake), 0);
	munmap(shared, 4096);
}

static void lines_of_maps(void **state)
{
	struct ct_shared_range range;

	(void)state;
	assert_true(ct_shared_maps_parse("7f00-7f10 rw-s 00000200 00:01 4711  /dev/zero (deleted)",
					 &range));
	assert_int_equal(range.start, 0x7f00);
	assert_int_equal(range.end, 0x7f10);
	assert_int_equal(range.offset, 0x200);
	assert_int_equal(range.device, 1);
	assert_int_equal(range.inode, 4711);
	assert_false(ct_shared_maps_parse("7f00-7f10 rw-p 00000200 00:01 4711 x", &range));
	assert_false(ct_shared_maps_parse("", &range));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_locks_in_a_circle),
		cmocka_unit_test(readers_keep_writers_out_only),
		cmocka_unit_test(relock_and_join),
		cmocka_unit_test(condition_whose_mutex_stays),
		cmocka_unit_test(reader_behind_a_writer),
		cmocka_unit_test(lock_that_nobody_has),
		cmocka_unit_test(condition_whose_mutex_nobody_has),
		cmocka_unit_test(kernel_is_asked_once),
		cmocka_unit_test(wait_for_a_child),
		cmocka_unit_test(locks_of_two_processes),
		cmocka_unit_test(lines_of_maps),
	};

	return cmocka_run_group_tests(tests, start_sleeper, end_sleeper);
}
