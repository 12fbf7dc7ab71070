/* timing: spans of threads, and who ended a wait. One tick of these traces is a nanosecond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spans_told.h"

#define A 64
#define B 128
#define PIPE 77
#define SET CT_KERNEL_KEY(CT_KERNEL_SEM, 1 << 16 | CT_SEM_ALL)

static void test_lock(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	event(fake, 0, 1000, CT_EV_MUTEX_LOCK, A, 0);
	request(fake, 1, 2000, CT_EV_MUTEX_LOCK, A, 0);
	event(fake, 0, 9000, CT_EV_MUTEX_UNLOCK, A, 0);
	complete(fake, 1, 9500, CT_EV_MUTEX_LOCK, A, 0);
	event(fake, 1, 9900, CT_EV_MUTEX_UNLOCK, A, 0);
	rusage(fake, 1, 10000, CT_EV_THREAD_EXIT);
	rusage(fake, 0, 20000, CT_EV_PROCESS_EXIT);
	check(fake, "1.2 lock 2000-9500 <1.1@9000\n"
		    "1.2 running 9500-10000\n"
		    "1.1 running 0-20000\n");
}

/* It lasts until the mutex is there again: of the signal and the unlock after it, the later one
 * ends it. A lock that the waiter gave back is free for others. */
static void test_condition(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	event(fake, 0, 1000, CT_EV_MUTEX_LOCK, B, 0);
	request(fake, 1, 1500, CT_EV_MUTEX_LOCK, B, 0);
	request(fake, 0, 2000, CT_EV_COND_WAIT, A, B);
	complete(fake, 1, 2500, CT_EV_MUTEX_LOCK, B, 0);
	event(fake, 1, 5000, CT_EV_COND_SIGNAL, A, 0);
	event(fake, 1, 6000, CT_EV_MUTEX_UNLOCK, B, 0);
	complete(fake, 0, 6500, CT_EV_COND_WAIT, A, B);
	request(fake, 0, 7000, CT_EV_COND_TIMEDWAIT, A, B);
	fake_event(fake, 0, 8000, CT_EV_COND_TIMEDWAIT, CT_F_BLOCKED | CT_F_TIMED_OUT, A, B);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-2000\n"
		    "1.2 lock 1500-2500 <1.1@2000\n"
		    "1.1 condition 2000-6500 <1.2@6000\n"
		    "1.1 running 6500-7000\n"
		    "1.1 condition 7000-8000 !\n"
		    "1.1 running 8000-9000\n"
		    "1.2 running 2500-9000\n");
}

/* Of two that a broadcast lets go, the second waits for the first, who has the mutex. */
static void test_broadcast(void **state)
{
	struct fake_trace *fake = new_fake(3);

	(void)state;
	for (size_t thread = 0; thread < 2; thread++) {
		event(fake, thread, 1000 + 1000 * thread, CT_EV_MUTEX_LOCK, B, 0);
		request(fake, thread, 1500 + 1000 * thread, CT_EV_COND_WAIT, A, B);
	}
	event(fake, 2, 5000, CT_EV_COND_BROADCAST, A, 0); /* without the mutex */
	complete(fake, 0, 5500, CT_EV_COND_WAIT, A, B);
	event(fake, 0, 8000, CT_EV_MUTEX_UNLOCK, B, 0);
	complete(fake, 1, 8500, CT_EV_COND_WAIT, A, B);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1500\n"
		    "1.2 running 2000-2500\n"
		    "1.1 condition 1500-5500 <1.3@5000\n"
		    "1.2 condition 2500-8500 <1.1@8000\n"
		    "1.1 running 5500-9000\n"
		    "1.2 running 8500-9000\n"
		    "1.3 running 5000-9000\n");
}

/* Who is late to leave was woken by the last of its own round, not by the first of the next. */
static void test_barrier(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	event(fake, 0, 500, CT_EV_BARRIER_INIT, A, 2);
	request(fake, 0, 1000, CT_EV_BARRIER_WAIT, A, 0);
	request(fake, 1, 6000, CT_EV_BARRIER_WAIT, A, 0);
	complete(fake, 1, 6100, CT_EV_BARRIER_WAIT, A, 0);
	request(fake, 1, 9000, CT_EV_BARRIER_WAIT, A, 0);
	complete(fake, 0, 12000, CT_EV_BARRIER_WAIT, A, 0);
	rusage(fake, 0, 20000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.2 barrier 6000-6100\n"
		    "1.2 running 6100-9000\n"
		    "1.1 barrier 1000-12000 <1.2@6000\n"
		    "1.1 running 12000-20000\n"
		    "1.2 barrier 9000-20000\n");
}

static void test_join(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	fake_start(fake, 0, 100, 11, 0);
	event(fake, 0, 1000, CT_EV_THREAD_CREATE, 2, 0);
	fake_start(fake, 1, 2000, 22, 1);
	request(fake, 0, 3000, CT_EV_THREAD_JOIN, 22, 0);
	rusage(fake, 1, 8000, CT_EV_THREAD_EXIT);
	complete(fake, 0, 8500, CT_EV_THREAD_JOIN, 22, 0);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-3000\n"
		    "1.2 running 2000-8000\n"
		    "1.1 join 3000-8500 <1.2@8000\n"
		    "1.1 running 8500-9000\n");
}

/* Data, room, and the end of the file. */
static void test_pipe(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	event(fake, 0, 100, CT_EV_FD_OPEN, PIPE, (uint64_t)1 << 32 | 3);
	event(fake, 0, 100, CT_EV_FD_OPEN, PIPE, (uint64_t)2 << 32 | 4);
	request(fake, 0, 1000, CT_EV_READ, PIPE, 10);
	event(fake, 1, 5000, CT_EV_WRITE, PIPE, 10);
	complete(fake, 0, 5200, CT_EV_READ, PIPE, 10);
	request(fake, 1, 8000, CT_EV_WRITE, PIPE, 10);
	event(fake, 0, 12000, CT_EV_READ, PIPE, 10);
	complete(fake, 1, 12500, CT_EV_WRITE, PIPE, 10);
	request(fake, 0, 15000, CT_EV_READ, PIPE, 10);
	event(fake, 1, 16000, CT_EV_FD_CLOSE, PIPE, (uint64_t)2 << 32 | 4);
	complete(fake, 0, 16500, CT_EV_READ, PIPE, 0);
	rusage(fake, 0, 20000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 pipe 1000-5200 <1.2@5000\n"
		    "1.2 running 5000-8000\n"
		    "1.2 pipe 8000-12500 <1.1@12000\n"
		    "1.1 running 5200-15000\n"
		    "1.1 pipe 15000-16500 <1.2@16000\n"
		    "1.1 running 16500-20000\n"
		    "1.2 running 12500-20000\n");
}

/* What is written at one end of a connection is read at the other. */
static void test_socket(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	event(fake, 0, 100, CT_EV_SOCKETPAIR, 31, 32);
	request(fake, 0, 1000, CT_EV_RECV, 31, 0);
	event(fake, 1, 5000, CT_EV_SEND, 32, 4);
	complete(fake, 0, 5500, CT_EV_RECV, 31, 4);
	rusage(fake, 0, 6000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 socket 1000-5500 <1.2@5000\n"
		    "1.1 running 5500-6000\n"
		    "1.2 running 5000-6000\n");
}

static void semop_by(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t flags,
		     int amount)
{
	struct {
		struct ct_payload_sem_ops head;
		struct ct_sem_op op;
	} CT_PACKED ops = {{SET, 1}, {0, (uint16_t)amount, 0}};

	fake_payload(fake, thread, time, CT_EV_SEMOP, &ops, sizeof(ops));
	fake->streams[thread].records[fake->streams[thread].count - 1].record.flags = flags;
}

static void test_semaphores(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	request(fake, 0, 1000, CT_EV_SEM_WAIT, A, 0);
	event(fake, 1, 5000, CT_EV_SEM_POST, A, 0);
	complete(fake, 0, 5500, CT_EV_SEM_WAIT, A, 0);
	semop_by(fake, 0, 6000, CT_F_REQUEST, -1);
	semop_by(fake, 1, 8000, 0, 1);
	semop_by(fake, 0, 8500, CT_F_BLOCKED, -1);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 semaphore 1000-5500 <1.2@5000\n"
		    "1.1 running 5500-6000\n"
		    "1.1 semaphore 6000-8500 <1.2@8000\n"
		    "1.1 running 8500-9000\n"
		    "1.2 running 5000-9000\n");
}

/* The runner of the initialisation ends the waits of the others. */
static void test_once(void **state)
{
	struct fake_trace *fake = new_fake(3);

	(void)state;
	request(fake, 0, 1000, CT_EV_ONCE, A, 0);
	request(fake, 1, 2000, CT_EV_ONCE, A, 0);
	request(fake, 2, 2100, CT_EV_ONCE, A, 0);
	complete(fake, 0, 7000, CT_EV_ONCE, A, 0);
	complete(fake, 1, 9000, CT_EV_ONCE, A, 0);
	complete(fake, 2, 9100, CT_EV_ONCE, A, 0);
	rusage(fake, 0, 9500, CT_EV_PROCESS_EXIT);
	check(fake, "1.2 other 2000-9000 <1.1@7000\n"
		    "1.3 other 2100-9100 <1.1@7000\n"
		    "1.1 running 0-9500\n"
		    "1.2 running 9000-9500\n"
		    "1.3 running 9100-9500\n");
}

static void test_sleep_and_poll(void **state)
{
	struct fake_trace *fake = new_fake(2);
	struct {
		struct ct_payload_poll head;
		struct ct_polled polled;
	} CT_PACKED list = {{PIPE, UINT64_MAX, 1}, {PIPE, 3, 1}},
		    ready = {{PIPE, 1, 1}, {PIPE, 3, 1}};

	(void)state;
	request(fake, 0, 1000, CT_EV_SLEEP, 0, 3000);
	complete(fake, 0, 4000, CT_EV_SLEEP, 0, 3000);
	request(fake, 0, 5000, CT_EV_SLEEP, 0, 3000);
	fake_fail(fake, 0, 6000, CT_EV_SLEEP, 0, 4);
	fake_payload(fake, 0, 7000, CT_EV_POLL, &list, sizeof(list));
	fake->streams[0].records[fake->streams[0].count - 1].record.flags = CT_F_REQUEST;
	event(fake, 1, 8000, CT_EV_WRITE, PIPE, 1);
	fake_payload(fake, 0, 8500, CT_EV_POLL, &ready, sizeof(ready));
	fake->streams[0].records[fake->streams[0].count - 1].record.arg = 1;
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 sleep 1000-4000\n"
		    "1.1 running 4000-5000\n"
		    "1.1 sleep 5000-6000 !\n"
		    "1.1 running 6000-7000\n"
		    "1.1 poll 7000-8500 <1.2@8000\n"
		    "1.1 running 8500-9000\n"
		    "1.2 running 8000-9000\n");
}

static void handler(struct fake_trace *fake, size_t thread, uint64_t from, uint64_t to)
{
	struct ct_payload_handler payload = {.object = 10};

	fake_payload(fake, thread, from, CT_EV_SIGNAL_HANDLER, &payload, sizeof(payload));
	if (to)
		event(fake, thread, to, CT_EV_SIGNAL_RETURN, 10, 0);
}

/* A thread whose handler runs does not wait; after a handler that jumps away it does not either. */
static void test_signal_handler(void **state)
{
	struct fake_trace *fake = new_fake(1);

	(void)state;
	request(fake, 0, 1000, CT_EV_READ, PIPE, 10);
	handler(fake, 0, 2000, 3000);
	complete(fake, 0, 5000, CT_EV_READ, PIPE, 10);
	request(fake, 0, 6000, CT_EV_READ, PIPE, 10);
	handler(fake, 0, 7000, 0);
	event(fake, 0, 8000, CT_EV_SEM_POST, A, 0);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 pipe 1000-2000 !\n"
		    "1.1 running 2000-3000\n"
		    "1.1 pipe 3000-5000 +\n"
		    "1.1 running 5000-6000\n"
		    "1.1 pipe 6000-7000 !\n"
		    "1.1 running 7000-9000\n");
}

/* The handler of SIGCHLD runs before a wait for any child returns; that of a signal that another
 * thread sent, before pause does. */
static void test_told_by_signal(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	fake_process(fake, 2, 1, 1, 500, "./prog");
	fake_thread(fake, 2, 1);
	request(fake, 0, 400, CT_EV_FORK, 0, 0);
	complete(fake, 0, 600, CT_EV_FORK, 101, 0);
	request(fake, 0, 1000, CT_EV_WAIT, UINT64_MAX, 0);
	rusage(fake, 2, 5000, CT_EV_PROCESS_EXIT);
	handler(fake, 0, 5100, 5200);
	complete(fake, 0, 5300, CT_EV_WAIT, 101, 0);
	request(fake, 0, 6000, CT_EV_PAUSE, 0, 0);
	event(fake, 1, 8000, CT_EV_PTHREAD_KILL, 11, 10);
	handler(fake, 0, 8100, 8200);
	fake_fail(fake, 0, 8300, CT_EV_PAUSE, 0, 4);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "2.1 running 500-5000\n"
		    "1.1 child 1000-5100 <2.1@5000\n"
		    "1.1 running 5100-5200\n"
		    "1.1 child 5200-5300 + <2.1@5200\n"
		    "1.1 running 5300-6000\n"
		    "1.1 signal 6000-8100 <1.2@8000\n"
		    "1.1 running 8100-8200\n"
		    "1.1 signal 8200-8300 ! +\n"
		    "1.1 running 8300-9000\n"
		    "1.2 running 8000-9000\n");
}

/* Records are missing: what it waited for came at an unknown time before. */
static void test_gap(void **state)
{
	struct fake_trace *fake = new_fake(1);
	uint16_t none = 0;

	(void)state;
	request(fake, 0, 1000, CT_EV_SEM_WAIT, A, 0);
	fake_payload(fake, 0, 5000, CT_EV_HELD_SET, &none, sizeof(none));
	fake->streams[0].records[1].record.flags = CT_RECORD_GAP;
	request(fake, 0, 6000, CT_EV_SEM_WAIT, A, 0);
	request(fake, 0, 8000, CT_EV_SEM_WAIT, A, 0);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 semaphore 1000-5000 !\n"
		    "1.1 running 5000-6000\n"
		    "1.1 semaphore 6000-8000 !\n"
		    "1.1 semaphore 8000-8000 ~\n");
}

/* Handlers that interrupt one another: it waits again when the last of them is done. */
static void test_nested_handlers(void **state)
{
	struct fake_trace *fake = new_fake(1);

	(void)state;
	request(fake, 0, 1000, CT_EV_READ, PIPE, 10);
	handler(fake, 0, 2000, 0);
	handler(fake, 0, 2500, 3000);
	event(fake, 0, 4000, CT_EV_SIGNAL_RETURN, 10, 0);
	complete(fake, 0, 5000, CT_EV_READ, PIPE, 10);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 pipe 1000-2000 !\n"
		    "1.1 running 2000-4000\n"
		    "1.1 pipe 4000-5000 +\n"
		    "1.1 running 5000-9000\n");
}

/* Only the unlock that frees a lock ends a wait; a semaphore may be waited for to be 0. */
static void test_who_ends_it(void **state)
{
	struct fake_trace *fake = new_fake(3);

	(void)state;
	event(fake, 1, 500, CT_EV_MUTEX_LOCK, A, 0);
	event(fake, 1, 600, CT_EV_MUTEX_LOCK, A, 0);
	request(fake, 0, 1000, CT_EV_MUTEX_LOCK, A, 0);
	event(fake, 1, 2000, CT_EV_MUTEX_UNLOCK, A, 0);
	event(fake, 1, 3000, CT_EV_MUTEX_UNLOCK, A, 0);
	event(fake, 1, 3001, CT_EV_MUTEX_LOCK, B, 0);
	complete(fake, 0, 3500, CT_EV_MUTEX_LOCK, A, 0);
	semop_by(fake, 0, 6000, CT_F_REQUEST, 0);
	semop_by(fake, 2, 8000, 0, -1);
	semop_by(fake, 0, 8500, CT_F_BLOCKED, 0);
	rusage(fake, 0, 9000, CT_EV_PROCESS_EXIT);
	check(fake, "1.1 running 0-1000\n"
		    "1.1 lock 1000-3500 <1.2@3000\n"
		    "1.1 running 3500-6000\n"
		    "1.1 semaphore 6000-8500 <1.3@8000\n"
		    "1.1 running 8500-9000\n"
		    "1.2 running 500-9000\n"
		    "1.3 running 8000-9000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_condition),
		cmocka_unit_test(test_broadcast),
		cmocka_unit_test(test_barrier),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_socket),
		cmocka_unit_test(test_semaphores),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_sleep_and_poll),
		cmocka_unit_test(test_signal_handler),
		cmocka_unit_test(test_told_by_signal),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_nested_handlers),
		cmocka_unit_test(test_who_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
