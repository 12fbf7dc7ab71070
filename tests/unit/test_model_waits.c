/* model and report: waits for what the kernel has: who is told, what nobody is ever stuck in, and
 * the words for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "detect/detector.h"
#include "fake_trace.h"
#include "model/names.h"
#include "model/waitfor.h"
#include "report/words.h"

#define MUTEX_A 64
#define MUTEX_B 128
#define FILE_KEY CT_KERNEL_KEY(CT_KERNEL_FILE, 9)
#define EPOLL_KEY CT_KERNEL_KEY(CT_KERNEL_EPOLL, 1)

static struct fake_trace *new_fake(uint32_t threads)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= threads; t++)
		fake_thread(fake, 1, t);
	return fake;
}

static void set_flags(struct fake_trace *fake, size_t thread, uint16_t flags)
{
	const struct fake_stream *stream = &fake->streams[thread];

	stream->records[stream->count - 1].record.flags = flags;
}

/* What a report says of the first thread's wait; the trace is gone then. */
static void check_words(struct fake_trace *fake, const char *wanted)
{
	const struct ct_model *model = fake_run(fake, NULL);
	struct ct_naming naming;
	struct ct_text text;

	ct_naming_init(&naming, model, NULL);
	ct_text_init(&text);
	ct_words_waiting(&text, &naming, &model->threads[0]->wait);
	assert_string_equal(ct_text_str(&text), wanted);
	ct_text_fini(&text);
	ct_naming_fini(&naming);
	fake_free(fake);
}

static struct fake_trace *with_request(uint16_t event, uint64_t object, uint64_t arg)
{
	struct fake_trace *fake = new_fake(2);

	fake_event(fake, 0, 5, event, CT_F_REQUEST, object, arg);
	return fake;
}

static void test_words(void **state)
{
	struct fake_trace *fake = with_request(CT_EV_ACCEPT, 77, 3);

	(void)state;
	fake_socket(fake, 1, 77, "127.0.0.1:80", "");
	check_words(fake, "waits to accept a connection on `socket at 127.0.0.1:80`");
	fake = with_request(CT_EV_RECV, 78, 0);
	fake_socket(fake, 1, 78, "127.0.0.1:5", "127.0.0.1:80");
	check_words(fake, "waits for data on `socket to 127.0.0.1:80`");
	check_words(with_request(CT_EV_SLEEP, 0, 1000), "sleeps");
	check_words(with_request(CT_EV_PAUSE, 0, 0), "waits for a signal");
	check_words(with_request(CT_EV_MSGRCV, CT_KERNEL_KEY(CT_KERNEL_MSG, 5), 0),
		    "waits for a message on `queue 5`");
	check_words(with_request(CT_EV_MSGSND, CT_KERNEL_KEY(CT_KERNEL_MSG, 5), 0),
		    "waits for room in `queue 5`");
	check_words(with_request(CT_EV_FUTEX_WAIT, 64, 0),
		    "waits for `F1` (futex word of a lock that is not libc's)");
	check_words(with_request(CT_EV_EVENTFD_READ, CT_KERNEL_KEY(CT_KERNEL_EVENTFD, 3), 0),
		    "waits to read from `E1` (eventfd)");
	check_words(with_request(CT_EV_READ, 99, 0), "waits to read from `P1` (pipe)");
	check_words(with_request(CT_EV_USER_LOCK, 64, 0), "waits to lock `L1` (lock)");
	fake = with_request(CT_EV_SEM_TIMEDWAIT, 64, 0);
	set_flags(fake, 0, CT_F_REQUEST | CT_F_TIMED);
	check_words(fake, "waits for `S1` (semaphore), for a limited time");
}

struct poll_list {
	struct ct_payload_poll head;
	struct ct_polled fds[3];
} CT_PACKED;

static void test_words_of_lists(void **state)
{
	struct poll_list poll = {{7, UINT64_MAX, 3}, {{7, 3, 1}, {0, 4, 1}, {8, 5, 1}}};
	struct {
		struct ct_payload_sem_ops head;
		struct ct_sem_op ops[2];
	} CT_PACKED ops = {{CT_KERNEL_KEY(CT_KERNEL_SEM, (uint64_t)65536 << 16 | CT_SEM_ALL), 2},
			   {{0, 1, 0}, {2, (uint16_t)-1, 0}}};
	struct ct_payload_file_lock lock = {FILE_KEY, 0, 100, 3, CT_FILE_EXCLUSIVE, 0};
	struct ct_trace_name name = {.process = 1, .object = FILE_KEY, .name = "data"};
	struct fake_trace *fake = new_fake(1);

	(void)state;
	fake_payload(fake, 0, 5, CT_EV_POLL, &poll, sizeof(poll));
	set_flags(fake, 0, CT_F_REQUEST);
	fake->streams[0].records[0].record.arg = poll.head.arg;
	check_words(fake, "waits in poll for `P1`, `P2`");
	fake = new_fake(1);
	fake_payload(fake, 0, 5, CT_EV_SEMOP, &ops, sizeof(ops));
	set_flags(fake, 0, CT_F_REQUEST);
	check_words(fake, "waits for `semaphore 2 of set 65536`");
	for (int kind = 0; kind < 2; kind++) {
		fake = new_fake(1);
		fake_name(fake, &name);
		fake_payload(fake, 0, 5, kind ? CT_EV_FLOCK : CT_EV_FCNTL_LOCK, &lock,
			     sizeof(lock));
		set_flags(fake, 0, CT_F_REQUEST);
		check_words(fake, kind ? "waits for the lock on `data`"
				       : "waits for the lock on `data` bytes 0-99");
		lock.owner = CT_OWNER_FLOCK;
	}
}

static void test_epoll_knows_its_list(void **state)
{
	struct poll_list member = {{EPOLL_KEY, 1, 1}, {{7, 3, 1}}};
	struct fake_trace *fake = new_fake(1);

	(void)state;
	fake_payload(fake, 0, 1, CT_EV_EPOLL_CTL, &member, 32);
	fake->streams[0].records[0].record.arg = 1;
	member.fds[0].object = 8;
	fake_payload(fake, 0, 2, CT_EV_EPOLL_CTL, &member, 32);
	fake->streams[0].records[1].record.arg = 1;
	fake_payload(fake, 0, 3, CT_EV_EPOLL_CTL, &member, 32);
	fake->streams[0].records[2].record.arg = 2; /* removed again */
	fake_event(fake, 0, 5, CT_EV_EPOLL_WAIT, CT_F_REQUEST, EPOLL_KEY, UINT64_MAX);
	check_words(fake, "waits in epoll_wait for `P1`");
}

/* Findings of main and T2, who hold one mutex each, and wait: T2 for main's, main as said. */
static size_t findings_if_main_waits(struct fake_trace *fake, uint16_t event, uint64_t object,
				     uint16_t flags)
{
	struct ct_findings findings;
	struct ct_error error;
	size_t count;

	fake_event(fake, 0, 10, CT_EV_MUTEX_LOCK, 0, MUTEX_A, 0);
	fake_event(fake, 1, 11, CT_EV_MUTEX_LOCK, 0, MUTEX_B, 0);
	fake_event(fake, 1, 12, CT_EV_MUTEX_LOCK, CT_F_REQUEST, MUTEX_A, 0);
	fake_event(fake, 0, 13, event, CT_F_REQUEST | flags, object, UINT64_MAX);
	fake_model(fake);
	ct_findings_init(&findings);
	assert_int_equal(ct_detect_all(fake->model, &findings, &error), CT_OK);
	count = findings.count;
	ct_findings_fini(&findings);
	fake_free(fake);
	return count;
}

static void test_nobody_is_stuck_in_an_open_wait(void **state)
{
	static const struct {
		uint16_t event;
		uint64_t object;
	} open[] = {
		{CT_EV_SLEEP, 0},      {CT_EV_PAUSE, 0},   {CT_EV_SIGWAIT, 0},
		{CT_EV_ACCEPT, 77},    {CT_EV_RECV, 77},   {CT_EV_CONNECT, 77},
		{CT_EV_FUTEX_WAIT, 8}, {CT_EV_MSGRCV, 77}, {CT_EV_EPOLL_WAIT, EPOLL_KEY},
	};

	(void)state;
	assert_int_equal(findings_if_main_waits(new_fake(2), CT_EV_MUTEX_LOCK, MUTEX_B, 0), 1);
	assert_int_equal(
		findings_if_main_waits(new_fake(2), CT_EV_MUTEX_TIMEDLOCK, MUTEX_B, CT_F_TIMED), 0);
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		assert_int_equal(
			findings_if_main_waits(new_fake(2), open[i].event, open[i].object, 0), 0);
}

static void test_timers_may_wake(void **state)
{
	struct fake_trace *fake = new_fake(2);

	/* alarm ends a process that does not catch its signal: the deadlock stands till then */
	(void)state;
	fake_event(fake, 0, 1, CT_EV_TIMER_SET, 0, 0, 1000);
	assert_int_equal(findings_if_main_waits(fake, CT_EV_MUTEX_LOCK, MUTEX_B, 0), 1);
	fake = new_fake(2);
	fake_event(fake, 0, 1, CT_EV_SIGACTION, 0, 14, 0x4000);
	fake_event(fake, 0, 2, CT_EV_TIMER_SET, 0, 0, 1000);
	assert_int_equal(findings_if_main_waits(fake, CT_EV_MUTEX_LOCK, MUTEX_B, 0), 0);
	fake = new_fake(2);
	fake_event(fake, 0, 1, CT_EV_SIGACTION, 0, 14, 0x4000);
	fake_event(fake, 0, 2, CT_EV_TIMER_SET, 0, 0, 1000);
	fake_event(fake, 0, 3, CT_EV_TIMER_SET, 0, 0, 0); /* disarmed */
	assert_int_equal(findings_if_main_waits(fake, CT_EV_MUTEX_LOCK, MUTEX_B, 0), 1);
	fake = new_fake(2);
	fake_event(fake, 0, 1, CT_EV_TIMER_SET, 0, 5, 1000); /* may start a thread */
	assert_int_equal(findings_if_main_waits(fake, CT_EV_MUTEX_LOCK, MUTEX_B, 0), 0);
}

/* A handler may leave the wait by a jump; once it has returned, the wait goes on. */
static void test_handlers_may_leave(void **state)
{
	const struct ct_payload_handler handler = {.object = 10, .arg = 0x4000};

	(void)state;
	for (int left = 0; left < 2; left++) {
		struct fake_trace *fake = new_fake(2);
		struct ct_waitfor *waitfor;

		fake_event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, MUTEX_A, 0);
		fake_event(fake, 1, 2, CT_EV_MUTEX_LOCK, 0, MUTEX_B, 0);
		fake_event(fake, 0, 3, CT_EV_MUTEX_LOCK, CT_F_REQUEST, MUTEX_B, 0);
		fake_event(fake, 1, 4, CT_EV_MUTEX_LOCK, CT_F_REQUEST, MUTEX_A, 0);
		fake_payload(fake, 0, 5, CT_EV_SIGNAL_HANDLER, &handler, sizeof(handler));
		if (left)
			fake_event(fake, 0, 6, CT_EV_SIGNAL_RETURN, 0, 10, 0);
		assert_int_equal(ct_waitfor_new(fake_run(fake, NULL), &waitfor), CT_OK);
		assert_int_equal(ct_waitfor_stuck(waitfor), CT_OK);
		assert_int_equal(waitfor->stuck_count, left ? 2 : 0);
		ct_waitfor_free(waitfor);
		fake_free(fake);
	}
}

/* Somebody who did not hold a lock gave it back before, and may do so again. */
static void test_locks_that_are_handed_on(void **state)
{
	for (uint32_t helper = 0; helper < 2; helper++) {
		struct fake_trace *fake = new_fake(2 + helper);

		(void)state;
		if (helper)
			fake_event(fake, 2, 1, CT_EV_MUTEX_LOCK, 0, 256, 0); /* runs on */
		fake_event(fake, 0, 2, CT_EV_USER_LOCK, 0, MUTEX_B, 0);
		fake_event(fake, 1, 3, CT_EV_USER_UNLOCK, 0, MUTEX_B, 0);
		fake_event(fake, 1, 4, CT_EV_USER_LOCK, 0, MUTEX_B, 0);
		assert_int_equal(findings_if_main_waits(fake, CT_EV_USER_LOCK, MUTEX_B, 0),
				 helper ? 0 : 1);
	}
}

static void lock_file(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t flags,
		      uint16_t mode, uint64_t start, uint64_t length)
{
	struct ct_payload_file_lock lock = {FILE_KEY, start, length, 3, mode, CT_OWNER_PROCESS};

	fake_payload(fake, thread, time, CT_EV_FCNTL_LOCK, &lock, sizeof(lock));
	set_flags(fake, thread, flags);
}

/* How many processes keep process 3 from bytes 10-19, after 1 and 2 did this. */
static size_t blockers(int scene)
{
	struct fake_trace *fake = fake_new();
	struct ct_waitfor *waitfor;
	const struct ct_waitfor_edge *edges;
	size_t count, helpers = 0;

	fake_thread(fake, 1, 1);
	for (uint32_t p = 2; p <= 3; p++) {
		fake_process(fake, p, 1, 1, 0, "./prog");
		fake_thread(fake, p, 1);
	}
	lock_file(fake, 0, 1, 0, CT_FILE_EXCLUSIVE, 0, 100);
	if (scene == 1)
		lock_file(fake, 0, 2, 0, CT_FILE_UNLOCK, 10, 10);
	if (scene == 2)
		lock_file(fake, 0, 2, 0, CT_FILE_UNLOCK, 11, 8); /* 10 and 19 stay locked */
	if (scene == 3)
		lock_file(fake, 0, 2, 0, CT_FILE_SHARED, 0, 0);
	if (scene == 4) {
		lock_file(fake, 0, 2, 0, CT_FILE_UNLOCK, 0, 0);
		lock_file(fake, 1, 3, 0, CT_FILE_EXCLUSIVE, 19, 0);
	}
	lock_file(fake, 2, 5, CT_F_REQUEST, scene == 3 ? CT_FILE_SHARED : CT_FILE_EXCLUSIVE, 10,
		  10);
	assert_int_equal(ct_waitfor_new(fake_run(fake, NULL), &waitfor), CT_OK);
	edges = ct_waitfor_of(waitfor, fake->model->threads[2], &count);
	for (size_t i = 0; i < count; i++)
		helpers += edges[i].why == CT_WAITFOR_HELPER;
	ct_waitfor_free(waitfor);
	fake_free(fake);
	return helpers;
}

static void test_file_locks(void **state)
{
	(void)state;
	assert_int_equal(blockers(0), 1);
	assert_int_equal(blockers(1), 0);
	assert_int_equal(blockers(2), 1); /* by both parts of what is left */
	assert_int_equal(blockers(3), 0);
	assert_int_equal(blockers(4), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_of_lists),
		cmocka_unit_test(test_epoll_knows_its_list),
		cmocka_unit_test(test_nobody_is_stuck_in_an_open_wait),
		cmocka_unit_test(test_timers_may_wake),
		cmocka_unit_test(test_handlers_may_leave),
		cmocka_unit_test(test_locks_that_are_handed_on),
		cmocka_unit_test(test_file_locks),
	};

	return cmocka_run_group_tests_name("model_waits", tests, NULL, NULL);
}
