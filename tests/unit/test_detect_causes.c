/* detect: the causes of hangs, each with what it looks like and with what is no proof of it. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detector.h"
#include "fake_trace.h"
#include "finding/headline.h"
#include "format/ct_kernel.h"

enum { LOCK = 64, COND = 128, SEM = 192, BARRIER = 256, OTHER_SEM = 320 };
enum { PIPE = 9000, NEXT_PIPE = 9001 };
enum { READS = 1, WRITES = 2, ROBUST = 1 << 9 };

static const char *name_object(void *context, const struct ct_object *object)
{
	(void)context;
	(void)object;
	return "it";
}

static struct ct_findings detect(struct fake_trace *fake)
{
	struct ct_findings findings;
	struct ct_error error;

	ct_findings_init(&findings);
	assert_int_equal(ct_detect_all(fake_model(fake), &findings, &error), CT_OK);
	return findings;
}

static const struct ct_finding *find(const struct ct_findings *findings, const char *rule)
{
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->items[i]->rule->id, rule) == 0)
			return findings->items[i];
	return NULL;
}

/* The only finding is of that rule, observed, with that headline; `said` is in one of its places
 * (NULL: none is asked for). */
static void check(struct fake_trace *fake, const char *rule, const char *headline, const char *said)
{
	struct ct_findings findings = detect(fake);
	const struct ct_finding *finding = find(&findings, rule);
	bool found = !said;
	struct ct_text text;

	assert_int_equal(findings.count, 1);
	assert_non_null(finding);
	assert_int_equal(finding->evidence, CT_OBSERVED);
	ct_text_init(&text);
	ct_finding_headline(finding, name_object, NULL, &text);
	assert_string_equal(ct_text_str(&text), headline);
	ct_text_fini(&text);
	for (size_t i = 0; i < finding->place_count; i++)
		if (said && strstr(finding->places[i].text, said))
			found = true;
	assert_true(found);
	ct_findings_fini(&findings);
	fake_free(fake);
}

static void check_none(struct fake_trace *fake)
{
	struct ct_findings findings = detect(fake);

	assert_int_equal(findings.count, 0);
	ct_findings_fini(&findings);
	fake_free(fake);
}

/* A signal could end it: of a dead program it is not known that none came. */
static void check_unless_signal(struct fake_trace *fake)
{
	struct ct_findings findings = detect(fake);

	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.items[0]->evidence, CT_POTENTIAL);
	assert_true(findings.items[0]->unless_signal);
	assert_non_null(strstr(findings.items[0]->assumes, "no SIGUSR1 comes"));
	ct_findings_fini(&findings);
	fake_free(fake);
}

/* main made T2. */
static struct fake_trace *pair(void)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 1, CT_EV_THREAD_CREATE, 0, 2, 0);
	fake_start(fake, 1, 2, 7000, 1);
	return fake;
}

/* main joins T2: its last record. */
static struct fake_trace *joined(struct fake_trace *fake)
{
	fake_event(fake, 0, 100, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000, 0);
	return fake;
}

/* T2 waits on the condition from time 20 on. */
static void wait_for_condition(struct fake_trace *fake)
{
	fake_event(fake, 1, 19, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, 1, 20, CT_EV_COND_WAIT, CT_F_REQUEST, COND, LOCK);
}

static struct fake_trace *orphan(uint64_t init_arg)
{
	struct fake_trace *fake = fake_new();
	struct ct_payload_rusage end = {.object = 2};

	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 1, CT_EV_MUTEX_INIT, 0, LOCK, init_arg);
	fake_event(fake, 0, 2, CT_EV_THREAD_CREATE, 0, 2, 0);
	fake_start(fake, 1, 3, 7000, 1);
	fake_event(fake, 1, 4, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_payload(fake, 1, 5, CT_EV_THREAD_EXIT, &end, sizeof(end));
	fake_event(fake, 0, 6, CT_EV_MUTEX_LOCK, CT_F_REQUEST, LOCK, 0);
	return fake;
}

static void test_holder_ended(void **state)
{
	(void)state;
	check(orphan(0), "orphaned-lock", "main waits for `it`, which T2 held when it ended",
	      "never gave it back");
	check_none(orphan(ROBUST));
}

static void test_orphan_needs_no_closed_world(void **state)
{
	struct fake_trace *fake = orphan(0);

	(void)state;
	fake_thread(fake, 1, 3);
	fake_start(fake, 2, 7, 8000, 1);
	check(fake, "orphaned-lock", "main waits for `it`, which T2 held when it ended", NULL);
}

/* T2 holds the lock while main forks; the child asks for its copy. */
static struct fake_trace *forked(void)
{
	struct fake_trace *fake = fake_new();

	fake_process(fake, 2, 1, 1, 25, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_thread(fake, 2, 1);
	fake_event(fake, 0, 1, CT_EV_THREAD_CREATE, 0, 2, 0);
	fake_start(fake, 1, 2, 7000, 1);
	fake_event(fake, 1, 3, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, 0, 20, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, 0, 24, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	fake_start(fake, 2, 26, 7000, 0);
	return fake;
}

static void test_holder_was_not_forked(void **state)
{
	struct fake_trace *fake = forked();

	(void)state;
	fake_event(fake, 2, 30, CT_EV_MUTEX_LOCK, CT_F_REQUEST, LOCK, 0);
	check(fake, "orphaned-lock",
	      "main of ./prog (pid 101) waits for `it`, which T2 of ./prog (pid 100) held when "
	      "fork "
	      "copied it into this process",
	      "forked");
	/* a handler of pthread_atfork gave it back, or made it anew */
	fake = forked();
	fake_event(fake, 2, 28, CT_EV_MUTEX_UNLOCK, 0, LOCK, 0);
	fake_event(fake, 2, 30, CT_EV_MUTEX_LOCK, CT_F_REQUEST, LOCK, 0);
	check_none(fake);
	fake = forked();
	fake_event(fake, 2, 28, CT_EV_MUTEX_INIT, 0, LOCK, 0);
	fake_event(fake, 2, 30, CT_EV_MUTEX_LOCK, CT_F_REQUEST, LOCK, 0);
	check_none(fake);
}

static void test_signal_before_the_wait(void **state)
{
	struct fake_trace *fake = pair();

	(void)state;
	wait_for_condition(fake);
	fake_event(fake, 0, 10, CT_EV_COND_SIGNAL, 0, COND, 0);
	check(joined(fake), "lost-wakeup",
	      "T2 waits for `it`, which main signalled before the wait began: nobody is left to "
	      "signal it again",
	      "when nobody waited");
	/* in time: T2 is to wake up */
	fake = pair();
	wait_for_condition(fake);
	fake_event(fake, 0, 30, CT_EV_COND_SIGNAL, 0, COND, 0);
	check_none(joined(fake));
}

/* Two wait, one signal comes; `again`: who was woken waits once more. */
static struct fake_trace *two_wait(bool again)
{
	struct fake_trace *fake = pair();

	fake_thread(fake, 1, 3);
	wait_for_condition(fake);
	fake_event(fake, 0, 3, CT_EV_THREAD_CREATE, 0, 3, 0);
	fake_start(fake, 2, 4, 8000, 1);
	fake_event(fake, 2, 21, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, 2, 22, CT_EV_COND_WAIT, CT_F_REQUEST, COND, LOCK);
	fake_event(fake, 0, 30, CT_EV_COND_SIGNAL, 0, COND, 0);
	fake_event(fake, 2, 31, CT_EV_COND_WAIT, CT_F_BLOCKED, COND, LOCK);
	if (again)
		fake_event(fake, 2, 32, CT_EV_COND_WAIT, CT_F_REQUEST, COND, LOCK);
	else
		fake_event(fake, 2, 33, CT_EV_MUTEX_UNLOCK, 0, LOCK, 0);
	return joined(fake);
}

static void test_signal_for_one_of_two(void **state)
{
	struct fake_trace *fake = two_wait(false);
	struct ct_payload_rusage end = {.object = 3};

	(void)state;
	check_none(fake); /* T3 runs and may signal */
	fake = two_wait(false);
	fake_payload(fake, 2, 40, CT_EV_THREAD_EXIT, &end, sizeof(end));
	check(fake, "lost-wakeup",
	      "T2 waits for `it`, which main signalled once, for one of several: nobody is left to "
	      "signal it again",
	      "once while several");
	fake = two_wait(true);
	check(fake, "stuck",
	      "main waits for T2; T2 waits for `it`; T3 waits for `it`: nobody is left who could "
	      "wake one of them",
	      NULL);
}

static void test_mutex_of_a_condition_wait(void **state)
{
	struct fake_trace *fake = pair();

	/* signalled in time, but main keeps the mutex and joins who needs it */
	(void)state;
	wait_for_condition(fake);
	fake_event(fake, 0, 25, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, 0, 30, CT_EV_COND_SIGNAL, 0, COND, 0);
	check(joined(fake), "deadlock", "T2 waits for `it` held by main, which waits for T2", NULL);
}

/* main waits for a semaphore, alone; before that, `event` (0: none). */
static struct fake_trace *sem_wait_alone(uint64_t value, uint16_t event, uint64_t object)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_SEM_INIT, 0, SEM, value);
	if (event)
		fake_event(fake, 0, 2, event, 0, object, 4096);
	fake_event(fake, 0, 20, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM, 0);
	return fake;
}

static void test_nobody_posts(void **state)
{
	(void)state;
	check(sem_wait_alone(0, 0, 0), "missing-post",
	      "main waits for `it`, which was never posted: nobody is left to do it", NULL);
	/* there is one to take */
	check_none(sem_wait_alone(1, 0, 0));
	/* a handler may post, or a timer's, or that of what the kernel tells of */
	check_unless_signal(sem_wait_alone(0, CT_EV_SIGACTION, SIGUSR1));
	check_none(sem_wait_alone(0, CT_EV_SIGACTION, SIGIO));
	check_none(sem_wait_alone(0, CT_EV_TIMER_SET, 5));
}

static void test_last_post_is_named(void **state)
{
	struct fake_trace *fake = pair();

	(void)state;
	fake_event(fake, 0, 3, CT_EV_SEM_INIT, 0, SEM, 0);
	fake_event(fake, 0, 4, CT_EV_SEM_POST, 0, SEM, 0);
	fake_event(fake, 1, 5, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, 1, 20, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM, 0);
	check(joined(fake), "missing-post", "T2 waits for `it`, which nobody is left to post",
	      "posted it last, and waits itself");
}

static void test_semaphores_as_locks(void **state)
{
	struct fake_trace *fake = fake_new();

	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 1, CT_EV_THREAD_CREATE, 0, 2, 0);
	fake_start(fake, 1, 2, 7000, 1);
	fake_event(fake, 0, 3, CT_EV_SEM_INIT, 0, SEM, 1);
	fake_event(fake, 0, 4, CT_EV_SEM_INIT, 0, OTHER_SEM, 1);
	fake_event(fake, 0, 5, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, 1, 6, CT_EV_SEM_WAIT, 0, OTHER_SEM, 0);
	fake_event(fake, 0, 7, CT_EV_SEM_WAIT, CT_F_REQUEST, OTHER_SEM, 0);
	fake_event(fake, 1, 8, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM, 0);
	check(fake, "deadlock", "main waits for `it` held by T2, which waits for `it` held by main",
	      NULL);
}

/* T2 takes a semaphore twice, as a lock; main has waited before for one that T2 would post. */
static struct fake_trace *taken_twice(bool posted)
{
	struct fake_trace *fake = pair();

	fake_event(fake, 0, 3, CT_EV_SEM_INIT, 0, SEM, 1);
	fake_event(fake, 0, 4, CT_EV_SEM_INIT, 0, OTHER_SEM, 0);
	if (posted) {
		fake_event(fake, 0, 5, CT_EV_SEM_WAIT, 0, SEM, 0);
		fake_event(fake, 0, 6, CT_EV_SEM_POST, 0, SEM, 0);
	}
	fake_event(fake, 0, 7, CT_EV_SEM_WAIT, CT_F_REQUEST, OTHER_SEM, 0);
	fake_event(fake, 1, 19, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, 1, 20, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM, 0);
	return fake;
}

static void test_semaphore_taken_twice(void **state)
{
	static const char headline[] =
		"T2 waits for `it`, which T2 took itself before, and nobody is left to post";

	(void)state;
	check(taken_twice(false), "missing-post", headline, "took it, and did not post it since");
	check(taken_twice(true), "missing-post", headline, "took it, and did not post it since");
}

static void test_barrier_for_three(void **state)
{
	struct fake_trace *fake = pair();

	(void)state;
	fake_event(fake, 0, 3, CT_EV_BARRIER_INIT, 0, BARRIER, 3);
	fake_event(fake, 1, 20, CT_EV_BARRIER_WAIT, CT_F_REQUEST, BARRIER, 0);
	check(joined(fake), "barrier-mismatch",
	      "T2 waits at `it`: 1 of 3 are there, and nobody is left who could come",
	      "is stuck behind them");
}

/* As pipe() tells it; its descriptors are the numbers of the times. */
static void make_pipe(struct fake_trace *fake, uint32_t time, uint64_t pipe)
{
	fake_event(fake, 0, time, CT_EV_FD_OPEN, 0, pipe, CT_FD_ARG(time, READS));
	fake->streams[0].records[fake->streams[0].count - 1].record.stack = time;
	fake_event(fake, 0, time + 1, CT_EV_FD_OPEN, 0, pipe, CT_FD_ARG(time + 1, WRITES));
	fake->streams[0].records[fake->streams[0].count - 1].record.stack = time;
}

/* main made a pipe. */
static struct fake_trace *pipe_of_one(void)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	make_pipe(fake, 3, PIPE);
	return fake;
}

/* It reads from it: its last record. */
static struct fake_trace *reading(struct fake_trace *fake)
{
	fake_event(fake, 0, 20, CT_EV_READ, CT_F_REQUEST, PIPE, 10);
	return fake;
}

static void test_own_write_end_is_open(void **state)
{
	static const char headline[] = "main waits for data on `it`: the write end is open in its "
				       "own process only, where nobody is left to use it";
	struct fake_trace *fake;

	(void)state;
	check(reading(pipe_of_one()), "pipe-deadlock", headline,
	      "has the write end open as descriptor 4; it was opened");
	/* the end of file comes */
	fake = pipe_of_one();
	fake_event(fake, 0, 10, CT_EV_FD_CLOSE, 0, PIPE, CT_FD_ARG(4, WRITES));
	check_none(reading(fake));
	/* it was not closed, after all */
	fake = pipe_of_one();
	fake_event(fake, 0, 10, CT_EV_FD_CLOSE, 0, PIPE, CT_FD_ARG(4, WRITES));
	fake_fail(fake, 0, 11, CT_EV_FD_CLOSE, PIPE, EIO);
	check(reading(fake), "pipe-deadlock", headline, NULL);
	/* a copy is left */
	fake = pipe_of_one();
	fake_event(fake, 0, 9, CT_EV_FD_DUP, 0, PIPE, CT_FD_ARG(7, WRITES));
	fake_event(fake, 0, 10, CT_EV_FD_CLOSE, 0, PIPE, CT_FD_ARG(4, WRITES));
	check(reading(fake), "pipe-deadlock", headline, "as descriptor 7");
	/* a handler may write */
	fake = pipe_of_one();
	fake_event(fake, 0, 10, CT_EV_SIGACTION, 0, SIGUSR1, 4096);
	check_unless_signal(reading(fake));
	/* not any more */
	fake = pipe_of_one();
	fake_event(fake, 0, 9, CT_EV_SIGACTION, 0, SIGUSR1, 4096);
	fake_event(fake, 0, 10, CT_EV_SIGACTION, 0, SIGUSR1, 0);
	check(reading(fake), "pipe-deadlock", headline, NULL);
	/* another program may have it */
	fake = pipe_of_one();
	fake_fd(fake, PIPE);
	check_none(reading(fake));
}

static void test_fifo_has_a_name(void **state)
{
	struct fake_trace *fake = fake_new();

	/* opened from two places */
	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 3, CT_EV_FD_OPEN, 0, PIPE, CT_FD_ARG(3, READS));
	fake_event(fake, 0, 4, CT_EV_FD_OPEN, 0, PIPE, CT_FD_ARG(4, WRITES));
	check_none(reading(fake));
}

/* The child reads what the parent could write, who waits for the child's end. */
static struct fake_trace *parent_and_reader(bool parent_closes)
{
	struct fake_trace *fake = fake_new();

	fake_process(fake, 2, 1, 1, 25, "./child");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	make_pipe(fake, 3, PIPE);
	fake_event(fake, 0, 20, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, 0, 24, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	if (parent_closes)
		fake_event(fake, 0, 30, CT_EV_FD_CLOSE, 0, PIPE, CT_FD_ARG(4, WRITES));
	fake_event(fake, 0, 40, CT_EV_WAITPID, CT_F_REQUEST, 101, 0);
	fake_event(fake, 1, 28, CT_EV_FD_CLOSE, 0, PIPE, CT_FD_ARG(4, WRITES));
	fake_event(fake, 1, 35, CT_EV_READ, CT_F_REQUEST, PIPE, 10);
	return fake;
}

static void test_parent_keeps_the_write_end(void **state)
{
	(void)state;
	check(parent_and_reader(false), "pipe-deadlock",
	      "main of ./child (pid 101) waits for data on `it`: the write end is still open in "
	      "main of ./prog (pid 100), which waits for the end of child (pid 101)",
	      "has the write end open as descriptor 4; it was opened");
	check_none(parent_and_reader(true));
}

static void close_end(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t pipe,
		      bool reads)
{
	uint32_t fd = (pipe == PIPE ? 3 : 5) + !reads;

	fake_event(fake, thread, time, CT_EV_FD_CLOSE, 0, pipe,
		   CT_FD_ARG(fd, reads ? READS : WRITES));
}

/* `| grep | wc`: wc has begun to wait first, or last. */
static struct fake_trace *pipeline(uint64_t wc_waits)
{
	struct fake_trace *fake = fake_new();

	fake_process(fake, 2, 1, 1, 25, "grep");
	fake_process(fake, 3, 1, 1, 32, "wc");
	for (uint32_t process = 1; process <= 3; process++)
		fake_thread(fake, process, 1);
	make_pipe(fake, 3, PIPE);
	make_pipe(fake, 5, NEXT_PIPE);
	for (uint64_t i = 0; i < 2; i++) {
		fake_event(fake, 0, 20 + 10 * i, CT_EV_FORK, CT_F_REQUEST, 0, 0);
		fake_event(fake, 0, 24 + 10 * i, CT_EV_FORK, CT_F_BLOCKED, 101 + i, 0);
	}
	close_end(fake, 0, 40, PIPE, true);
	close_end(fake, 0, 41, PIPE, false);
	close_end(fake, 0, 42, NEXT_PIPE, true);
	close_end(fake, 0, 43, NEXT_PIPE, false);
	fake_event(fake, 0, 44, CT_EV_WAITPID, CT_F_REQUEST, 101, 0);
	close_end(fake, 1, 45, NEXT_PIPE, true);
	fake_event(fake, 1, 60, CT_EV_READ, CT_F_REQUEST, PIPE, 10);
	close_end(fake, 2, 46, PIPE, true);
	close_end(fake, 2, 47, PIPE, false);
	close_end(fake, 2, 48, NEXT_PIPE, false);
	fake_event(fake, 2, wc_waits, CT_EV_READ, CT_F_REQUEST, NEXT_PIPE, 10);
	return fake;
}

static void test_who_waits_for_itself_is_told(void **state)
{
	static const char headline[] = "main of grep (pid 101) waits for data on `it`: the write "
				       "end is open in its own process only, where nobody is left "
				       "to use it";

	(void)state;
	check(pipeline(50), "pipe-deadlock", headline, "has the write end open as descriptor 4");
	check(pipeline(70), "pipe-deadlock", headline, "has the write end open as descriptor 4");
}

/* main writes to a pipe that nobody reads, for the second time. */
static struct fake_trace *own_writer(uint64_t first, uint64_t second)
{
	struct fake_trace *fake = pipe_of_one();

	fake_event(fake, 0, 10, CT_EV_WRITE, CT_F_REQUEST, PIPE, first);
	fake_event(fake, 0, 11, CT_EV_WRITE, CT_F_BLOCKED, PIPE, first);
	fake_event(fake, 0, 20, CT_EV_WRITE, CT_F_REQUEST, PIPE, second);
	return fake;
}

static void test_full_pipe(void **state)
{
	(void)state;
	check(own_writer(65536, 1), "pipe-deadlock",
	      "main waits for room in `it`: the read end is open in its own process only, where "
	      "nobody is left to use it",
	      NULL);
	check_none(own_writer(65535, 1));
	/* the rest of the last page is too short: each page takes one */
	check_none(own_writer(4000, 15 * 4096));
	check(own_writer(4000, 15 * 4096 + 97), "pipe-deadlock",
	      "main waits for room in `it`: the read end is open in its own process only, where "
	      "nobody is left to use it",
	      NULL);
}

static struct fake_trace *locks_in_handler(uint64_t lock_time)
{
	struct fake_trace *fake = fake_new();
	struct ct_payload_handler handler = {.object = SIGUSR1, .arg = 4096};

	fake_thread(fake, 1, 1);
	fake_event(fake, 0, lock_time, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_payload(fake, 0, 20, CT_EV_SIGNAL_HANDLER, &handler, sizeof(handler));
	fake_event(fake, 0, 30, CT_EV_MUTEX_LOCK, CT_F_REQUEST, LOCK, 0);
	return fake;
}

static void test_lock_in_a_handler(void **state)
{
	struct fake_trace *fake = locks_in_handler(10);
	struct ct_findings findings = detect(fake);
	const struct ct_finding *finding = find(&findings, "lock-in-signal-handler");
	struct ct_text text;

	(void)state;
	assert_int_equal(findings.count, 2);
	assert_non_null(find(&findings, "self-deadlock"));
	assert_non_null(finding);
	ct_text_init(&text);
	ct_finding_headline(finding, name_object, NULL, &text);
	assert_string_equal(ct_text_str(&text),
			    "main waits for `it` in its handler of SIGUSR1, which interrupted it "
			    "while it held that lock");
	ct_text_fini(&text);
	ct_findings_fini(&findings);
	fake_free(fake);
	/* the handler itself took it */
	fake = locks_in_handler(25);
	check(fake, "self-deadlock", "main waits for `it`, which it holds itself", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holder_ended),
		cmocka_unit_test(test_orphan_needs_no_closed_world),
		cmocka_unit_test(test_holder_was_not_forked),
		cmocka_unit_test(test_signal_before_the_wait),
		cmocka_unit_test(test_signal_for_one_of_two),
		cmocka_unit_test(test_mutex_of_a_condition_wait),
		cmocka_unit_test(test_nobody_posts),
		cmocka_unit_test(test_last_post_is_named),
		cmocka_unit_test(test_semaphores_as_locks),
		cmocka_unit_test(test_semaphore_taken_twice),
		cmocka_unit_test(test_barrier_for_three),
		cmocka_unit_test(test_own_write_end_is_open),
		cmocka_unit_test(test_fifo_has_a_name),
		cmocka_unit_test(test_parent_keeps_the_write_end),
		cmocka_unit_test(test_who_waits_for_itself_is_told),
		cmocka_unit_test(test_full_pipe),
		cmocka_unit_test(test_lock_in_a_handler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
