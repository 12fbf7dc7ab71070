#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "format/ct_live.h"
#include "live/gone.h"
#include "live/hang.h"
#include "live/proc.h"
#include "live/tree.h"

static void stat_line_with_an_odd_name(void **state)
{
	struct ct_proc proc;

	(void)state;
	assert_true(ct_proc_parse("42 (a) b (c) S 7 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 "
				  "987654 10 11",
				  &proc));
	assert_int_equal(proc.pid, 42);
	assert_int_equal(proc.parent, 7);
	assert_int_equal(proc.state, 'S');
	assert_int_equal(proc.start, 987654);
	assert_string_equal(proc.name, "a) b (c");
	assert_false(ct_proc_parse("", &proc));
	assert_false(ct_proc_parse("42 (a", &proc));
	assert_false(ct_proc_parse("42 (a) S 7 1", &proc));
	assert_false(
		ct_proc_parse("42 )a( S 7 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 9", &proc));
}

static void own_process_can_be_read(void **state)
{
	struct ct_proc process, thread;

	(void)state;
	assert_true(ct_proc_read(getpid(), 0, &process));
	assert_int_equal(process.pid, getpid());
	assert_int_equal(process.parent, getppid());
	assert_true(ct_proc_read(getpid(), gettid(), &thread));
	assert_int_equal(thread.start, process.start);
	assert_false(ct_proc_read(getpid(), 1, &thread)); /* a process, no thread of ours */
}

/* A child that starts a grandchild and loses it; both wait. Returns when both exist. */
static pid_t start_family(pid_t *out_grandchild)
{
	int fds[2];
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		pid_t middle = fork();

		if (middle == 0) {
			pid_t own = fork() == 0 ? (setsid(), getpid()) : 0;

			if (!own)
				_exit(0);
			if (write(fds[1], &own, sizeof(own)) != sizeof(own))
				_exit(1);
		} else {
			waitpid(middle, NULL, 0);
		}
		for (;;)
			pause();
	}
	assert_int_equal(read(fds[0], out_grandchild, sizeof(*out_grandchild)),
			 sizeof(*out_grandchild));
	close(fds[0]);
	close(fds[1]);
	return child;
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

static void tree_has_orphans_and_no_strangers(void **state)
{
	struct ct_tree tree;
	pid_t stranger, child, grandchild;
	int status;

	(void)state;
	stranger = fork();
	if (stranger == 0) {
		for (;;)
			pause();
	}
	assert_int_equal(ct_tree_init(&tree, NULL), CT_OK);
	child = start_family(&grandchild);
	assert_true(lists(&tree, child));
	assert_true(lists(&tree, grandchild));
	assert_false(lists(&tree, stranger));
	assert_false(lists(&tree, getpid()));

	assert_int_equal(ct_tree_signal(&tree, SIGKILL), 2);
	for (int i = 0; i < 2; i++) { /* the orphan became a child of ours */
		pid_t gone = waitpid(-1, &status, 0);

		assert_true(gone == child || gone == grandchild);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	assert_int_equal(waitpid(stranger, &status, WNOHANG), 0);
	kill(stranger, SIGKILL);
	assert_int_equal(waitpid(stranger, &status, 0), stranger);
	ct_tree_fini(&tree);
}

static char folder[] = "/tmp/ct-live.XXXXXX";

static void write_page(const char *name, const struct ct_live *page)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/.live/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, page, sizeof(*page)), sizeof(*page));
	close(fd);
}

static int make_folder(void **state)
{
	char path[128];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/.live", folder);
	return mkdir(path, 0700);
}

static int remove_folder(void **state)
{
	static const char *const names[] = {".live/p1.t0", ".live/p1.t1", ".live/session", ".live",
					    ""};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		remove(path);
	}
	return 0;
}

/* A sleeping process to point pages at. Returns when it sleeps. */
static pid_t start_sleeper(void)
{
	struct ct_proc proc = {0};
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			pause();
	}
	while (!ct_proc_read(pid, 0, &proc) || proc.state != 'S')
		;
	return pid;
}

static uint64_t start_of(pid_t pid)
{
	struct ct_proc proc;

	assert_true(ct_proc_read(pid, 0, &proc));
	return proc.start;
}

static struct ct_live page_of(pid_t pid, uint16_t event)
{
	return (struct ct_live){.magic = CT_LIVE_MAGIC,
				.version = CT_FORMAT_VERSION,
				.state = CT_LIVE_RUNNING,
				.pid = (uint32_t)pid,
				.tid = (uint32_t)pid,
				.process = 1,
				.thread = 1,
				.event = event,
				.epoch = 7,
				.start = start_of(pid),
				.pid_space = ct_proc_pid_space()};
}

/* Scans once more; whether a silence was seen that was not judged, which it is now. */
static bool new_silence(struct ct_hang *hang)
{
	bool is_new;

	assert_int_equal(ct_hang_scan(hang, folder), CT_OK);
	is_new = ct_hang_new_quiet(hang);
	ct_hang_judged(hang);
	return is_new;
}

static void silence_is_told_once(void **state)
{
	pid_t pid = start_sleeper();
	struct ct_live page = page_of(pid, CT_EV_COND_WAIT), dead = page, running = page;
	struct ct_hang hang = {0};

	(void)state;
	assert_false(new_silence(&hang)); /* no page: nothing is known */
	assert_false(new_silence(&hang));
	dead.tid = dead.pid = 0x7ffffffe;
	dead.process = 2;
	dead.epoch = 4;
	write_page("p1.t1", &dead);
	write_page("p1.t0", &page);
	assert_false(new_silence(&hang)); /* seen the first time */
	assert_true(new_silence(&hang));
	assert_false(new_silence(&hang)); /* told already */
	page.epoch = 9;
	write_page("p1.t0", &page);
	assert_false(new_silence(&hang)); /* another wait: seen the first time */
	assert_true(new_silence(&hang));
	page.epoch = 11;
	running.epoch = 12;
	running.thread = 2;
	write_page("p1.t0", &page);
	write_page("p1.t1", &running); /* not in a call that may block */
	assert_false(new_silence(&hang));
	assert_false(new_silence(&hang));
	running.state = CT_LIVE_FREE;
	write_page("p1.t1", &running);
	assert_true(new_silence(&hang));

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	page.epoch = 13;
	write_page("p1.t0", &page);
	assert_false(new_silence(&hang));
	assert_false(new_silence(&hang));
	ct_hang_fini(&hang);
}

/* Who has another number here, or whose number is another's by now, is no witness, but may live. */
static void who_cannot_be_verified_is_no_witness(void **state)
{
	pid_t pid = start_sleeper();
	struct ct_live page = page_of(pid, CT_EV_COND_WAIT);
	struct ct_hang hang = {0};

	(void)state;
	page.pid_space++;
	write_page("p1.t0", &page);
	write_page("p1.t1", &(struct ct_live){0});
	assert_false(new_silence(&hang));
	assert_false(new_silence(&hang));
	assert_int_equal(ct_scan_state(&hang.now.threads[0]), '?');
	page = page_of(pid, CT_EV_COND_WAIT);
	page.start++;
	write_page("p1.t0", &page);
	assert_false(new_silence(&hang));
	assert_false(new_silence(&hang));
	assert_int_equal(ct_scan_state(&hang.now.threads[0]), '?');
	page.start--;
	write_page("p1.t0", &page);
	assert_true(new_silence(&hang));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ct_hang_fini(&hang);
}

/* What a thread takes while it waits, it may give back before the wait is over. */
static void locks_count_if_held_before(void **state)
{
	struct ct_live page = page_of(getpid(), CT_EV_USER_LOCK);
	struct ct_scan scan = {0};

	(void)state;
	page.since = 100;
	page.held[0] = (struct ct_held){.object = 0x1000, .since = 50};
	page.held[1] = (struct ct_held){.object = 0x2000, .since = 150};
	page.held_count = 2;
	write_page("p1.t0", &page);
	assert_int_equal(ct_scan_read(&scan, folder, NULL), CT_OK);
	assert_int_equal(scan.count, 1);
	assert_int_equal(scan.threads[0].held_count, 1);
	assert_int_equal(scan.held[0].object, 0x1000);
	page.epoch++; /* it has what it wanted */
	write_page("p1.t0", &page);
	assert_int_equal(ct_scan_read(&scan, folder, NULL), CT_OK);
	assert_int_equal(scan.threads[0].held_count, 2);
	ct_scan_fini(&scan);
}

static void who_was_killed_is_gone(void **state)
{
	pid_t pid = start_sleeper();
	struct ct_scan_thread threads[] = {{.pid = (uint32_t)pid, .process = 1, .start = 1},
					   {.pid = (uint32_t)pid, .process = 1, .start = 1},
					   {.pid = (uint32_t)getpid(), .process = 2, .start = 1}};
	struct ct_scan scan = {.threads = threads, .count = 3};
	struct ct_proc proc = {0};
	struct ct_gone gone;

	(void)state;
	assert_int_equal(ct_gone_find(&scan, &gone), CT_OK);
	assert_int_equal(gone.count, 0);
	ct_gone_fini(&gone);
	kill(pid, SIGKILL);
	while (ct_proc_read(pid, 0, &proc) && proc.state != 'Z')
		;
	for (int reaped = 0; reaped < 2; reaped++) {
		assert_int_equal(ct_gone_find(&scan, &gone), CT_OK);
		assert_int_equal(gone.count, 1);
		assert_int_equal(gone.processes[0], 1);
		ct_gone_fini(&gone);
		waitpid(pid, NULL, 0);
	}
}

/* While one wait ends by itself, or from outside, there is no silence. */
static void some_waits_are_no_silence(void **state)
{
	static const struct {
		uint16_t event, flags;
		uint64_t arg;
		bool silent;
	} waits[] = {
		{CT_EV_MUTEX_LOCK, 0, 0, true},
		{CT_EV_SLEEP, 0, 1, false},
		{CT_EV_MUTEX_TIMEDLOCK, CT_F_TIMED, 0, false},
		{CT_EV_POLL, 0, 1000, false},
		{CT_EV_POLL, 0, UINT64_MAX, true},
		{CT_EV_ACCEPT, 0, 0, false},
		{CT_EV_SIGWAIT, 0, 0, false},
		{CT_EV_FUTEX_WAIT, 0, 0, false},
	};
	pid_t pid = start_sleeper();
	struct ct_live page = page_of(pid, CT_EV_MUTEX_LOCK), other = page;
	struct ct_hang hang = {0};

	(void)state;
	other.thread = 2;
	write_page("p1.t0", &page);
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		other.event = waits[i].event;
		other.flags = waits[i].flags;
		other.arg = waits[i].arg;
		other.epoch += 2;
		write_page("p1.t1", &other);
		assert_false(new_silence(&hang));
		assert_int_equal(new_silence(&hang), waits[i].silent);
	}
	kill(pid, SIGSTOP);
	while (ct_scan_state(&hang.now.threads[0]) != 'T')
		;
	other.event = CT_EV_MUTEX_LOCK;
	other.epoch += 2;
	write_page("p1.t1", &other);
	for (int i = 0; i < 2; i++)
		assert_false(new_silence(&hang));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ct_hang_fini(&hang);
}

static void recorder_says_that_it_stands(void **state)
{
	static struct ct_session session = {.magic = CT_SESSION_MAGIC, .root_pid = 4711};
	struct ct_recorder_state recorder = {.ready = true, .root_pid = 1};
	char path[128];
	int fd;

	(void)state;
	ct_recorder_state(folder, &recorder);
	assert_false(recorder.ready);
	assert_int_equal(recorder.root_pid, 0);
	snprintf(path, sizeof(path), "%s/.live/session", folder);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, &session, sizeof(session)), sizeof(session));
	ct_recorder_state(folder, &recorder);
	assert_false(recorder.ready);
	assert_int_equal(recorder.root_pid, 4711);
	session.ready = 1;
	assert_int_equal(pwrite(fd, &session, sizeof(session), 0), sizeof(session));
	close(fd);
	ct_recorder_state(folder, &recorder);
	assert_true(recorder.ready);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_line_with_an_odd_name),
		cmocka_unit_test(own_process_can_be_read),
		cmocka_unit_test(tree_has_orphans_and_no_strangers),
		cmocka_unit_test(silence_is_told_once),
		cmocka_unit_test(locks_count_if_held_before),
		cmocka_unit_test(who_was_killed_is_gone),
		cmocka_unit_test(who_cannot_be_verified_is_no_witness),
		cmocka_unit_test(some_waits_are_no_silence),
		cmocka_unit_test(recorder_says_that_it_stands),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
