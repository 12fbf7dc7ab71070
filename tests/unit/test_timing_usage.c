/* timing: lives, waits and resources of threads and processes; who worked, and what bounded them.
 * One tick of these traces is a nanosecond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "timed_run.h"

#define A 64
#define PIPE 77
#define SOCKET 78
#define UNKNOWN CT_TIME_UNKNOWN

static struct fake_trace *new_fake(uint32_t threads)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= threads; t++)
		fake_thread(fake, 1, t);
	return fake;
}

static void request(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
		    uint64_t object, uint64_t arg)
{
	fake_event(fake, thread, time, event, CT_F_REQUEST, object, arg);
}

static void complete(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
		     uint64_t object, uint64_t arg)
{
	fake_event(fake, thread, time, event, CT_F_BLOCKED, object, arg);
}

static void event(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t id,
		  uint64_t object, uint64_t arg)
{
	fake_event(fake, thread, time, id, 0, object, arg);
}

static void cpu(struct fake_trace *fake, size_t thread, uint64_t time, uint32_t number,
		uint64_t cpu_ns, uint64_t ready_ns)
{
	struct ct_payload_cpu payload = {number, cpu_ns, ready_ns, 3};

	fake_payload(fake, thread, time, CT_EV_THREAD_CPU, &payload, sizeof(payload));
}

/* An exit; user time in us, system time half of it, 10 times as many faults as switches. */
static void leave(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t exit_event,
		  uint64_t user_us, uint64_t switches)
{
	struct ct_payload_rusage usage = {.user_us = user_us,
					  .system_us = user_us / 2,
					  .voluntary = switches,
					  .involuntary = 1,
					  .minor_faults = switches * 10,
					  .max_rss_kb = 5000};

	fake_payload(fake, thread, time, exit_event, &usage, sizeof(usage));
}

/* A filter may keep the recorder from asking: nothing is known then, not zero. */
static void test_refused_usage(void **state)
{
	struct fake_trace *fake = new_fake(1);
	struct ct_payload_rusage usage;
	struct timed_run r;

	(void)state;
	memset(&usage, 0xff, sizeof(usage));
	usage.object = 0;
	fake_start(fake, 0, 0, 11, 0);
	fake_payload(fake, 0, 5000, CT_EV_PROCESS_EXIT, &usage, sizeof(usage));
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->usage.cpu_ns, UNKNOWN);
	assert_int_equal(r.timing->usage.user_ns, UNKNOWN);
	assert_int_equal(r.timing->usage.max_rss_kb, UNKNOWN);
	assert_true(r.timing->parallelism.cores < 0);
	timed_run_end(&r);
}

/* Two threads; the one that ends first is counted by the kernel, the other gets the rest. */
static void test_thread_resources(void **state)
{
	struct fake_trace *fake = new_fake(2);
	const struct ct_timing_thread *main_thread, *worker;
	struct timed_run r;

	(void)state;
	fake_start(fake, 0, 0, 11, 0);
	cpu(fake, 0, 100, 1, 2500, 300); /* what the loader used */
	event(fake, 0, 1000, CT_EV_THREAD_CREATE, 2, 0);
	fake_start(fake, 1, 4000, 22, 1);
	request(fake, 0, 5000, CT_EV_THREAD_JOIN, 22, 0);
	cpu(fake, 1, 99000, 2, 60000, 15000);
	leave(fake, 1, 100000, CT_EV_THREAD_EXIT, 40, 7);
	complete(fake, 0, 101000, CT_EV_THREAD_JOIN, 22, 0);
	cpu(fake, 0, 102500, 1, 6500, UNKNOWN);
	leave(fake, 0, 103000, CT_EV_PROCESS_EXIT, 60, 10);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->wall_ns, 103000);
	main_thread = &r.timing->threads[0];
	worker = &r.timing->threads[1];
	assert_int_equal(worker->begin_ns, 4000);
	assert_int_equal(worker->end_ns, 100000);
	assert_int_equal(worker->creation_ns, 3000);
	assert_int_equal(worker->by_activity[CT_RUNS], 96000);
	assert_int_equal(worker->usage.cpu_ns, 60000);
	assert_int_equal(worker->usage.user_ns, 40000);
	assert_int_equal(worker->usage.voluntary, 7);
	assert_int_equal(worker->unseen_ns, 21000);
	assert_true(worker->worker && worker->ended);
	assert_int_equal(main_thread->by_activity[CT_WAITS_JOIN], 96000);
	assert_int_equal(main_thread->by_activity[CT_RUNS], 7000);
	assert_int_equal(main_thread->usage.cpu_ns, 4000);
	assert_int_equal(main_thread->alone_ns, 1000);
	assert_int_equal(r.timing->before_ns, 2500);
	assert_int_equal(main_thread->usage.user_ns, 20000);
	assert_int_equal(main_thread->usage.voluntary, 3);
	assert_int_equal(main_thread->usage.minor_faults, 30);
	assert_int_equal(main_thread->unseen_ns, UNKNOWN);
	assert_int_equal(main_thread->creation_ns, UNKNOWN);
	assert_int_equal(main_thread->blocked_count, 1);
	assert_ptr_equal(main_thread->blocked[0].joined, worker->thread);
	assert_true(!main_thread->worker && main_thread->bound == CT_BOUND_OTHERS);
	assert_int_equal(r.timing->usage.cpu_ns, 90000);
	assert_int_equal(r.timing->usage.max_rss_kb, 5000);
	assert_int_equal(r.timing->workers, 1);
	assert_int_equal(r.timing->mode, CT_THREADS);
	timed_run_end(&r);
}

/* What was waited for, longest first; a wait that a signal interrupts is one. */
static void test_blocked(void **state)
{
	struct ct_payload_handler signal = {.object = 10};
	struct fake_trace *fake = new_fake(1);
	const struct ct_timing_thread *thread;
	struct timed_run r;

	(void)state;
	request(fake, 0, 1000, CT_EV_SEM_WAIT, A, 0);
	complete(fake, 0, 2000, CT_EV_SEM_WAIT, A, 0);
	request(fake, 0, 3000, CT_EV_SEM_WAIT, A, 0);
	fake_payload(fake, 0, 4000, CT_EV_SIGNAL_HANDLER, &signal, sizeof(signal));
	event(fake, 0, 4500, CT_EV_SIGNAL_RETURN, 10, 0);
	complete(fake, 0, 6000, CT_EV_SEM_WAIT, A, 0);
	request(fake, 0, 10000, CT_EV_SLEEP, 0, 50000);
	complete(fake, 0, 60000, CT_EV_SLEEP, 0, 50000);
	leave(fake, 0, 70000, CT_EV_PROCESS_EXIT, 1, 1);
	timed_run_begin(&r, fake);
	thread = &r.timing->threads[0];
	assert_int_equal(thread->blocked_count, 2);
	assert_int_equal(thread->blocked[0].activity, CT_SLEEPS);
	assert_int_equal(thread->blocked[0].total_ns, 50000);
	assert_int_equal(thread->blocked[1].count, 2);
	assert_int_equal(thread->blocked[1].total_ns, 3500);
	assert_int_equal(thread->blocked[1].max_ns, 1500);
	assert_int_equal(thread->blocked[1].object->address, A);
	assert_int_equal(thread->by_activity[CT_RUNS], 16500);
	assert_true(thread->bound == CT_BOUND_IO && thread->worker);
	assert_int_equal(r.timing->mode, CT_SERIAL);
	assert_int_equal(r.timing->workers, 1);
	timed_run_end(&r);
}

/* Of very many things the rest is told together. */
static void test_blocked_on_many(void **state)
{
	enum { MANY = 300, KEPT = 256 };
	struct fake_trace *fake = new_fake(1);
	const struct ct_timing_thread *thread;
	struct timed_run r;

	(void)state;
	for (uint64_t i = 0; i < MANY; i++) {
		request(fake, 0, 1000 + 100 * i, CT_EV_SEM_WAIT, 64 * (i + 1), 0);
		complete(fake, 0, 1010 + 100 * i, CT_EV_SEM_WAIT, 64 * (i + 1), 0);
	}
	leave(fake, 0, 70000, CT_EV_PROCESS_EXIT, 1, 1);
	timed_run_begin(&r, fake);
	thread = &r.timing->threads[0];
	assert_int_equal(thread->blocked_count, KEPT + 1);
	assert_null(thread->blocked[0].object);
	assert_int_equal(thread->blocked[0].count, MANY - KEPT);
	assert_int_equal(thread->blocked[0].total_ns, 10 * (MANY - KEPT));
	assert_int_equal(thread->by_activity[CT_WAITS_SEMAPHORE], 10 * MANY);
	timed_run_end(&r);
}

/* Who waits for very many children waits for others, though they are not told one by one; it does
 * none of the work, though each child is short beside what it takes to start them all. */
static void test_many_children(void **state)
{
	enum { MANY = 600 };
	struct fake_trace *fake = new_fake(1);
	struct timed_run r;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		uint64_t time = 1000ull * (i + 1);

		fake_process(fake, 2 + i, 1, 1, time, "./prog");
		fake_thread(fake, 2 + i, 1);
		request(fake, 0, time, CT_EV_FORK, 0, 0);
		fake_start(fake, 1 + i, time + 10, 11, 0);
		complete(fake, 0, time + 20, CT_EV_FORK, 101 + i, 0);
		request(fake, 0, time + 30, CT_EV_WAITPID, 101 + i, 0);
		leave(fake, 1 + i, time + 980, CT_EV_PROCESS_EXIT, 1, 1);
		complete(fake, 0, time + 990, CT_EV_WAITPID, 101 + i, 0);
	}
	leave(fake, 0, 1000 * (MANY + 1), CT_EV_PROCESS_EXIT, 20, 1);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->threads[0].bound, CT_BOUND_OTHERS);
	assert_false(r.timing->threads[0].worker);
	assert_int_equal(r.timing->workers, MANY);
	timed_run_end(&r);
}

/* What is not recorded is I/O: calls of a thread that neither waits nor computes, and children that
 * the trace does not have. */
static void test_unseen_is_io(void **state)
{
	struct fake_trace *fake = new_fake(2);
	struct timed_run r;

	(void)state;
	request(fake, 0, 500000, CT_EV_WAITPID, 555, 0);
	fake_start(fake, 1, 1000000, 22, 1);
	cpu(fake, 1, 8900000, 2, 2000000, 1000000);
	leave(fake, 1, 9000000, CT_EV_THREAD_EXIT, 2000, 1);
	complete(fake, 0, 9500000, CT_EV_WAITPID, 555, 0);
	leave(fake, 0, 10000000, CT_EV_PROCESS_EXIT, 2100, 1);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->threads[1].unseen_ns, 5000000);
	assert_int_equal(r.timing->threads[1].bound, CT_BOUND_IO);
	assert_int_equal(r.timing->threads[0].bound, CT_BOUND_IO);
	timed_run_end(&r);
}

/* Of two threads that did not tell what they used nobody knows which one used what. */
static void test_two_are_not_counted(void **state)
{
	struct fake_trace *fake = new_fake(3);
	struct timed_run r;

	(void)state;
	event(fake, 1, 1000, CT_EV_SEM_POST, A, 0);
	event(fake, 2, 2000, CT_EV_SEM_POST, A, 0);
	leave(fake, 2, 50000, CT_EV_THREAD_EXIT, 20, 1);
	leave(fake, 0, 100000, CT_EV_PROCESS_EXIT, 100, 1);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->threads[0].usage.user_ns, UNKNOWN);
	assert_int_equal(r.timing->threads[1].usage.user_ns, UNKNOWN);
	assert_int_equal(r.timing->threads[2].usage.user_ns, 20000);
	assert_int_equal(r.timing->usage.user_ns, 100000);
	timed_run_end(&r);
}

/* A program that a shell starts is no more than serial; a copy of its parent is one of several. */
static void check_mode(uint32_t images, enum ct_timing_mode mode)
{
	struct fake_trace *fake = new_fake(1);
	struct timed_run r;

	fake_process(fake, 2, 1, 1, 2000, "./prog");
	fake_thread(fake, 2, 1);
	fake->trace.processes[1].images = images;
	request(fake, 0, 1000, CT_EV_FORK, 0, 0);
	fake_start(fake, 1, 2500, 11, 0);
	complete(fake, 0, 3000, CT_EV_FORK, 101, 0);
	request(fake, 0, 4000, CT_EV_WAITPID, 101, 0);
	leave(fake, 1, 100000, CT_EV_PROCESS_EXIT, 90, 4);
	complete(fake, 0, 101000, CT_EV_WAITPID, 101, 0);
	leave(fake, 0, 102000, CT_EV_PROCESS_EXIT, 2, 1);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->workers, 1);
	assert_int_equal(r.timing->mode, mode);
	timed_run_end(&r);
}

static void test_mode(void **state)
{
	(void)state;
	check_mode(1, CT_PROCESSES);
	check_mode(2, CT_SERIAL);
}

/* Two children. The second one's first event comes only when its parent forks for the third time.
 */
static void test_processes(void **state)
{
	struct fake_trace *fake = new_fake(1);
	const struct ct_timing_process *processes;
	struct timed_run r;

	(void)state;
	fake_process(fake, 2, 1, 1, 2000, "./prog");
	fake_thread(fake, 2, 1);
	fake_process(fake, 3, 1, 1, 9000, "./prog");
	fake_thread(fake, 3, 1);
	event(fake, 0, 100, CT_EV_FD_OPEN, PIPE, (uint64_t)1 << 32 | 3);
	request(fake, 0, 1000, CT_EV_FORK, 0, 0);
	fake_start(fake, 1, 2500, 11, 0);
	complete(fake, 0, 3000, CT_EV_FORK, 101, 0);
	request(fake, 0, 4000, CT_EV_FORK, 0, 0);
	complete(fake, 0, 5000, CT_EV_FORK, 102, 0);
	request(fake, 0, 8000, CT_EV_FORK, 0, 0);
	fake_start(fake, 2, 9500, 11, 0);
	fake_fail(fake, 0, 10000, CT_EV_FORK, 0, 11);
	request(fake, 1, 11000, CT_EV_WRITE, PIPE, 40);
	complete(fake, 1, 11500, CT_EV_WRITE, PIPE, 30);
	event(fake, 1, 11600, CT_EV_SEND, SOCKET, 7);
	fake_event(fake, 0, 12000, CT_EV_READ, CT_F_PEEK, PIPE, 30);
	event(fake, 0, 12100, CT_EV_READ, PIPE, 30);
	request(fake, 0, 13000, CT_EV_WAITPID, 101, 0);
	leave(fake, 1, 100000, CT_EV_PROCESS_EXIT, 50, 4);
	complete(fake, 0, 101000, CT_EV_WAITPID, 101, 0);
	cpu(fake, 2, 103000, 1, 80000, 0);
	leave(fake, 2, 104000, CT_EV_THREAD_EXIT, 50, 4);
	leave(fake, 0, 105000, CT_EV_PROCESS_EXIT, 2, 1);
	timed_run_begin(&r, fake);
	processes = r.timing->processes;
	assert_int_equal(r.timing->process_count, 3);
	assert_int_equal(processes[0].creation_ns, UNKNOWN);
	assert_int_equal(processes[0].bytes_read, 30);
	assert_int_equal(processes[1].begin_ns, 2000);
	assert_int_equal(processes[1].creation_ns, 1000);
	assert_int_equal(processes[1].bytes_written, 30);
	assert_int_equal(processes[1].socket_bytes_written, 7);
	assert_int_equal(processes[1].usage.cpu_ns, 75000);
	assert_true(processes[1].ended && processes[1].worker);
	assert_int_equal(processes[2].creation_ns, 5000);
	assert_int_equal(processes[2].usage.cpu_ns, 80000); /* its threads', as it has no exit */
	assert_int_equal(processes[2].usage.user_ns, UNKNOWN);
	assert_int_equal(r.timing->uncounted, 0);
	assert_false(processes[2].ended);
	assert_ptr_equal(r.timing->threads[0].blocked[0].child, r.timing->model->processes[1]);
	assert_false(processes[0].worker);
	assert_int_equal(r.timing->workers, 2);
	assert_int_equal(r.timing->mode, CT_PROCESSES);
	timed_run_end(&r);
}

static void map(struct fake_trace *fake, uint32_t process, uint64_t time, uint64_t start,
		uint64_t size, uint64_t inode)
{
	struct ct_trace_map new = {.process = process,
				   .unmap = inode == 0,
				   .time = time,
				   .start = start,
				   .size = size,
				   .inode = inode};

	fake_map(fake, &new);
}

/* Memory that only one process has is not shared; what a child inherits or maps by name is. */
static void test_shared_bytes(void **state)
{
	struct fake_trace *fake = new_fake(1);
	struct timed_run r;

	(void)state;
	fake_process(fake, 2, 1, 1, 2000, "./prog");
	fake_thread(fake, 2, 1);
	map(fake, 1, 100, 0x10000, 0x1000, 1);	/* inherited */
	map(fake, 1, 3000, 0x20000, 0x4000, 2); /* its own */
	map(fake, 1, 3100, 0x30000, 0x2000, 3); /* mapped by both */
	map(fake, 2, 3200, 0x50000, 0x2000, 3);
	map(fake, 2, 4000, 0x10800, 0x800, 0); /* half of it is unmapped ... */
	map(fake, 2, 5000, 0x90000, 0x400, 3); /* ... before this comes */
	map(fake, 1, 6000, 0x30400, 0x800, 0); /* of what it cuts in two both ends ... */
	map(fake, 1, 7000, 0xa0000, 0x900, 3); /* ... stay */
	event(fake, 0, 50, CT_EV_SEM_POST, A, 0);
	request(fake, 0, 1000, CT_EV_FORK, 0, 0);
	fake_start(fake, 1, 2500, 11, 0);
	complete(fake, 0, 3000, CT_EV_FORK, 101, 0);
	leave(fake, 1, 90000, CT_EV_PROCESS_EXIT, 1, 1);
	leave(fake, 0, 95000, CT_EV_PROCESS_EXIT, 1, 1);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->processes[0].shared_bytes, 0x3100);
	assert_int_equal(r.timing->processes[1].shared_bytes, 0x3000);
	timed_run_end(&r);
}

/* A child that was spawned has nothing of its parent's memory. */
static void test_spawned_shares_nothing(void **state)
{
	struct fake_trace *fake = new_fake(1);
	struct timed_run r;

	(void)state;
	fake_process(fake, 2, 1, 1, 2000, "./prog");
	fake_thread(fake, 2, 1);
	map(fake, 1, 100, 0x10000, 0x1000, 1);
	event(fake, 0, 50, CT_EV_SEM_POST, A, 0);
	request(fake, 0, 1000, CT_EV_SPAWN, 0, 0);
	fake_start(fake, 1, 2500, 11, 0);
	complete(fake, 0, 3000, CT_EV_SPAWN, 101, 0);
	leave(fake, 1, 90000, CT_EV_PROCESS_EXIT, 1, 1);
	leave(fake, 0, 95000, CT_EV_PROCESS_EXIT, 1, 1);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->processes[0].shared_bytes, 0);
	assert_int_equal(r.timing->processes[1].shared_bytes, 0);
	timed_run_end(&r);
}

/* A main thread that computes as well is a worker, although it joins the other in the end. */
static void test_main_works_too(void **state)
{
	struct fake_trace *fake = new_fake(2);
	struct timed_run r;

	(void)state;
	fake_start(fake, 0, 0, 11, 0);
	event(fake, 0, 1000, CT_EV_THREAD_CREATE, 2, 0);
	fake_start(fake, 1, 2000, 22, 1);
	request(fake, 0, 40000, CT_EV_THREAD_JOIN, 22, 0);
	cpu(fake, 1, 99000, 2, 90000, 0);
	leave(fake, 1, 100000, CT_EV_THREAD_EXIT, 40, 7);
	complete(fake, 0, 101000, CT_EV_THREAD_JOIN, 22, 0);
	cpu(fake, 0, 109000, 1, 40000, 0);
	leave(fake, 0, 110000, CT_EV_PROCESS_EXIT, 60, 10);
	timed_run_begin(&r, fake);
	assert_true(r.timing->threads[0].worker);
	assert_int_equal(r.timing->workers, 2);
	timed_run_end(&r);
}

/* A main thread that ends when it has started the other, and waits for nobody. */
static void test_main_is_gone(void **state)
{
	struct fake_trace *fake = new_fake(2);
	struct timed_run r;

	(void)state;
	fake_start(fake, 0, 0, 11, 0);
	event(fake, 0, 30000, CT_EV_THREAD_CREATE, 2, 0);
	fake_start(fake, 1, 31000, 22, 1);
	cpu(fake, 0, 33000, 1, 33000, 0);
	leave(fake, 0, 33500, CT_EV_THREAD_EXIT, 20, 1);
	cpu(fake, 1, 99000, 2, 60000, 0);
	leave(fake, 1, 100000, CT_EV_PROCESS_EXIT, 90, 7);
	timed_run_begin(&r, fake);
	assert_false(r.timing->threads[0].worker);
	assert_int_equal(r.timing->workers, 1);
	assert_int_equal(r.timing->mode, CT_THREADS);
	timed_run_end(&r);
}

/* On a busy machine it takes long to start the other, as there is no processor for it. */
static void test_main_is_hindered(void **state)
{
	struct fake_trace *fake = new_fake(2);
	struct timed_run r;

	(void)state;
	fake_start(fake, 0, 0, 11, 0);
	event(fake, 0, 1000, CT_EV_THREAD_CREATE, 2, 0);
	fake_start(fake, 1, 2000, 22, 1);
	request(fake, 1, 3000, CT_EV_SLEEP, 0, 290000);
	request(fake, 0, 50000, CT_EV_THREAD_JOIN, 22, 0);
	complete(fake, 1, 293000, CT_EV_SLEEP, 0, 290000);
	cpu(fake, 1, 299000, 2, 2000, 0);
	leave(fake, 1, 300000, CT_EV_THREAD_EXIT, 2, 7);
	complete(fake, 0, 301000, CT_EV_THREAD_JOIN, 22, 0);
	cpu(fake, 0, 302000, 1, 6000, 40000);
	leave(fake, 0, 303000, CT_EV_PROCESS_EXIT, 8, 10);
	timed_run_begin(&r, fake);
	assert_false(r.timing->threads[0].worker);
	assert_int_equal(r.timing->workers, 1);
	timed_run_end(&r);
}

/* A process that was killed: nothing is known of its resources. */
static void test_killed(void **state)
{
	struct fake_trace *fake = new_fake(1);
	struct timed_run r;

	(void)state;
	event(fake, 0, 1000, CT_EV_SEM_POST, A, 0);
	event(fake, 0, 9000, CT_EV_SEM_POST, A, 0);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->usage.cpu_ns, UNKNOWN);
	assert_int_equal(r.timing->usage.max_rss_kb, UNKNOWN);
	assert_int_equal(r.timing->uncounted, 1);
	assert_false(r.timing->threads[0].ended);
	assert_int_equal(r.timing->threads[0].end_ns, 9000);
	timed_run_end(&r);
}

/* Posts, one a tick. */
static bool next_post(void *state, size_t thread, struct ct_record *out_record)
{
	enum { EVENTS = 70000 };
	uint64_t *time = state;

	(void)thread;
	*out_record = (struct ct_record){.time = ++*time, .event = CT_EV_SEM_POST, .object = A};
	return *time < EVENTS;
}

static bool refuse(void *state, uint64_t events)
{
	*(uint64_t *)state = events;
	return false;
}

static void test_progress_stops(void **state)
{
	struct fake_trace *fake = new_fake(1);
	uint64_t time = 0, events = 0;
	const struct ct_order_source source = {&time, 1, next_post};
	const struct ct_timing_options options = {.progress = refuse, .progress_state = &events};
	struct ct_timing *timing = NULL;
	struct ct_naming naming;
	struct ct_model *model;

	(void)state;
	assert_int_equal(ct_model_new_from(&fake->trace, &source, NULL, &model), CT_OK);
	ct_naming_init(&naming, model, NULL);
	assert_int_equal(ct_timing_new(model, &naming, &options, NULL, &timing), CT_EINTR);
	assert_null(timing);
	assert_int_equal(events, 65536);
	ct_naming_fini(&naming);
	ct_model_free(model);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thread_resources),
		cmocka_unit_test(test_refused_usage),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_blocked_on_many),
		cmocka_unit_test(test_many_children),
		cmocka_unit_test(test_unseen_is_io),
		cmocka_unit_test(test_two_are_not_counted),
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_shared_bytes),
		cmocka_unit_test(test_spawned_shares_nothing),
		cmocka_unit_test(test_main_works_too),
		cmocka_unit_test(test_main_is_gone),
		cmocka_unit_test(test_main_is_hindered),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_progress_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
