/* live/kernel_view: lines of /proc/locks, and who holds what among real processes. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "live/kernel_view.h"

static void lines_of_locks(void **state)
{
	struct ct_kernel_lock lock;
	bool waits = true;

	(void)state;
	assert_true(ct_kernel_lock_parse("1: POSIX  ADVISORY  WRITE 4711 fe:00:131 100 104", &lock,
					 &waits));
	assert_false(waits);
	assert_int_equal(lock.owner, CT_OWNER_PROCESS);
	assert_int_equal(lock.mode, CT_FILE_EXCLUSIVE);
	assert_int_equal(lock.taker, 4711);
	assert_int_equal(lock.device, makedev(0xfe, 0));
	assert_int_equal(lock.inode, 131);
	assert_int_equal(lock.start, 100);
	assert_int_equal(lock.last, 104);
	assert_true(ct_kernel_lock_parse("2:    -> OFDLCK ADVISORY  READ -1 fe:00:131 0 EOF\n",
					 &lock, &waits));
	assert_true(waits);
	assert_int_equal(lock.owner, CT_OWNER_OPEN_FILE);
	assert_int_equal(lock.mode, CT_FILE_SHARED);
	assert_int_equal(lock.taker, -1);
	assert_true(lock.last == UINT64_MAX);
	assert_true(
		ct_kernel_lock_parse("12345: FLOCK  ADVISORY  WRITE 0 00:2a:18446744073709551615"
				     " 0 EOF",
				     &lock, &waits));
	assert_int_equal(lock.owner, CT_OWNER_FLOCK);
}

static void lines_that_are_none(void **state)
{
	static const char *const lines[] = {
		"",
		"\n",
		":",
		"1:",
		"1: ->",
		": POSIX  ADVISORY  WRITE 4711 fe:00:131 0 EOF",
		"x: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 EOF",
		"1: LEASE  ACTIVE    READ 4711 fe:00:131 0 EOF",
		"1: DELEG  ACTIVE    READ 4711 fe:00:131 0 EOF",
		"1: POSIX  ADVISORY  UNLCK 4711 fe:00:131 0 EOF",
		"1: POSIX  *NOINODE* WRITE 4711 <none>:0 0 EOF",
		"1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0",
		"1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 end",
		"1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 -1",
		"1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 7x",
		"1: POSIX  ADVISORY  WRITE 4711 fe:00:131 9 3",
		"1: POSIX  ADVISORY  WRITE 4711 fe:00:131 0 99999999999999999999999",
		"1: POSIX  ADVISORY  WRITE 4711 fe:00 0 EOF",
		"1: POSIX  ADVISORY  WRITE fe:00:131 0 EOF",
		"1: POSIXPOSIXPOSIX  ADVISORY  WRITE 4711 fe:00:131 0 EOF",
		"1: POSIX  ADVISORYADVISORYADVISORY  WRITE 4711 fe:00:131 0 EOF",
	};
	struct ct_kernel_lock lock = {.inode = 7};
	bool waits = true;
	char long_line[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_false(ct_kernel_lock_parse(lines[i], &lock, &waits));
	memset(long_line, '9', sizeof(long_line) - 1);
	long_line[sizeof(long_line) - 1] = '\0';
	assert_false(ct_kernel_lock_parse(long_line, &lock, &waits));
	long_line[1] = ':';
	assert_false(ct_kernel_lock_parse(long_line, &lock, &waits));
	assert_int_equal(lock.inode, 7);
	assert_true(waits);
}

/* What keeps whom out, by rule. */
static void locks_that_clash(void **state)
{
	struct ct_kernel_lock held = {.inode = 5, .last = 9, .mode = CT_FILE_EXCLUSIVE};
	struct ct_kernel_holder holder = {.pid = 100, .fd = 3};
	struct ct_kernel_wait waiter = {.pid = 200, .fd = 3};
	struct ct_kernel_view view = {
		.locks = &held, .lock_count = 1, .holders = &holder, .holder_count = 1};
	struct ct_kernel_lock wanted = held;

	(void)state;
	assert_true(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	wanted.start = 10;
	wanted.last = UINT64_MAX;
	assert_false(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	wanted.start = 9;
	assert_true(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	held.mode = wanted.mode = CT_FILE_SHARED;
	assert_false(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	wanted.mode = CT_FILE_EXCLUSIVE;
	assert_true(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));

	/* a process has its own already, by whatever descriptor; an open file by its own one */
	waiter.pid = 100;
	waiter.fd = 4;
	assert_false(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	wanted.owner = CT_OWNER_OPEN_FILE; /* which excludes locks of its process as well */
	assert_true(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	wanted.owner = CT_OWNER_FLOCK;
	assert_false(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	held.owner = CT_OWNER_FLOCK;
	assert_true(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	waiter.fd = 3;
	assert_false(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
	wanted.inode = 6;
	waiter.fd = 4;
	assert_false(ct_kernel_keeps_out(&view, 0, &waiter, &wanted));
}

/* One process holds a lock, and one that it forked has it as well; a third one waits for it. */
enum { HOLDER, HEIR, WAITER, PROCESSES };

struct family {
	pid_t pids[PROCESSES];
	char path[32];
	int fd;
	struct ct_scan_thread threads[PROCESSES];
};

static int lock_file(int fd, uint16_t event)
{
	struct flock whole = {.l_type = F_WRLCK};

	switch (event) {
	case CT_EV_FLOCK:
		return flock(fd, LOCK_EX);
	case CT_EV_LOCKF:
		return lockf(fd, F_LOCK, 0);
	default:
		return fcntl(fd, F_OFD_SETLKW, &whole);
	}
}

static void say_and_sleep(int fd)
{
	if (write(fd, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void start_family(struct family *family, uint16_t event)
{
	int ready[2], file;
	char byte;

	strcpy(family->path, "/tmp/ct-view.XXXXXX");
	file = mkstemp(family->path);
	assert_true(file >= 0);
	close(file);
	assert_int_equal(pipe(ready), 0);
	family->fd = file = open(family->path, O_RDWR | O_CLOEXEC);
	if (event != CT_EV_LOCKF) /* the test itself takes it, and lets its children have it */
		assert_int_equal(lock_file(file, event), 0);
	for (int i = 0; i < PROCESSES; i++) {
		family->pids[i] = fork();
		if (family->pids[i] == 0) {
			if (i == HOLDER && event == CT_EV_LOCKF)
				lock_file(file, event);
			if (i < WAITER)
				say_and_sleep(ready[1]);
			if (dup2(open(family->path, O_RDWR), file) != file)
				_exit(1);
			_exit(lock_file(file, event));
		}
		if (i < WAITER)
			assert_int_equal(read(ready[0], &byte, 1), 1);
		family->threads[i] = (struct ct_scan_thread){.pid = (uint32_t)family->pids[i],
							     .tid = (uint32_t)family->pids[i],
							     .process = (uint32_t)i + 1,
							     .thread = 1,
							     .epoch = i == WAITER,
							     .since = 77};
	}
	family->threads[WAITER].event = event;
	family->threads[WAITER].arg = CT_FD_ARG(file, CT_FILE_EXCLUSIVE);
	close(ready[0]);
	close(ready[1]);
	close(file); /* closing does not release what the children have */
}

static void end_family(struct family *family)
{
	for (int i = 0; i < PROCESSES; i++) {
		kill(family->pids[i], SIGKILL);
		waitpid(family->pids[i], NULL, 0);
	}
	unlink(family->path);
}

/* Until the kernel lists the waiter, or for long. */
static void read_view(const struct family *family, size_t recorded, const bool *may_be_stuck,
		      struct ct_kernel_view *view)
{
	struct ct_scan scan = {.threads = (struct ct_scan_thread *)family->threads + PROCESSES -
					  recorded,
			       .count = recorded};

	for (int i = 0; i < 10000; i++) {
		*view = (struct ct_kernel_view){0};
		assert_int_equal(ct_kernel_view_read(view, &scan, may_be_stuck), CT_OK);
		if (view->wait_count)
			return;
		ct_kernel_view_fini(view);
		usleep(500);
	}
	fail();
}

static bool holds(const struct ct_kernel_view *view, pid_t pid, uint32_t process)
{
	for (size_t i = 0; i < view->holder_count; i++)
		if (view->holders[i].pid == (uint32_t)pid && view->holders[i].process == process)
			return true;
	return false;
}

static void check_family(uint16_t event, bool inherits)
{
	static const bool all[] = {true, true, true}, waiter[] = {false, false, true};
	struct ct_kernel_view view;
	struct family family;

	start_family(&family, event);
	read_view(&family, PROCESSES, all, &view);
	assert_non_null(ct_kernel_wait_of(&view, WAITER + 1, 1, 77));
	assert_null(ct_kernel_wait_of(&view, WAITER + 1, 1, 78)); /* another wait */
	assert_null(ct_kernel_wait_of(&view, HOLDER + 1, 1, 77));
	assert_int_equal(view.lock_count, 1);
	assert_true(ct_kernel_keeps_out(&view, 0, &view.waits[0], &view.waits[0].wanted));
	assert_true(holds(&view, family.pids[HOLDER], HOLDER + 1));
	assert_int_equal(holds(&view, family.pids[HEIR], HEIR + 1), inherits);
	assert_int_equal(view.holder_count, 1 + inherits);
	view.hidden = true;
	assert_null(ct_kernel_wait_of(&view, WAITER + 1, 1, 77));
	ct_kernel_view_fini(&view);

	read_view(&family, PROCESSES, waiter, &view);
	assert_true(holds(&view, family.pids[HOLDER], HOLDER + 1));
	ct_kernel_view_fini(&view);

	/* only the waiter is recorded */
	read_view(&family, 1, all, &view);
	assert_int_equal(view.holder_count, 0);
	ct_kernel_view_fini(&view);
	read_view(&family, 1, NULL, &view);
	assert_true(holds(&view, family.pids[HOLDER], 0));
	assert_int_equal(view.holder_count, 1 + inherits);
	ct_kernel_view_fini(&view);
	end_family(&family);
}

static void holders_of_flock(void **state)
{
	(void)state;
	check_family(CT_EV_FLOCK, true);
}

static void holders_of_ofd(void **state)
{
	(void)state;
	check_family(CT_EV_FCNTL_LOCK, true);
}

static void holder_of_lockf(void **state)
{
	(void)state;
	check_family(CT_EV_LOCKF, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_locks),   cmocka_unit_test(lines_that_are_none),
		cmocka_unit_test(locks_that_clash), cmocka_unit_test(holders_of_flock),
		cmocka_unit_test(holders_of_ofd),   cmocka_unit_test(holder_of_lockf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
