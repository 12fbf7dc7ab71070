/* Commands that nobody trusts, and the workers that run them. What hostile ones do:
 * tests/e2e/test_grade_hostile.sh. */
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
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/text.h"
#include "grade/job.h"
#include "grade/job_user.h"
#include "grade/pool.h"
#include "grade/submission_file.h"

struct fixture {
	char base[64], folder[96], output[96], error_output[96];
	struct ct_job job;
	struct ct_job_end end;
	struct ct_error error;
};

static const char *const environment[] = {"PATH=/usr/bin:/bin", "A=b", NULL};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	strcpy(f->base, "/tmp/ct-job.XXXXXX");
	assert_non_null(mkdtemp(f->base));
	assert_int_equal(chmod(f->base, 0755), 0);
	snprintf(f->folder, sizeof(f->folder), "%s/folder", f->base);
	snprintf(f->output, sizeof(f->output), "%s/output", f->base);
	snprintf(f->error_output, sizeof(f->error_output), "%s/errors", f->base);
	assert_int_equal(mkdir(f->folder, 0700), 0);
	f->job = (struct ct_job){
		.environment = environment,
		.folder = f->folder,
		.output = f->output,
		.error_output = f->error_output,
		.limits = {.wall_ms = 60000},
		.sandbox = CT_SANDBOX_NONE,
	};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", f->base, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	free(f);
	return 0;
}

static enum ct_status run_shell(struct fixture *f, const char *script)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	enum ct_status status;

	f->job.argv = argv;
	status = ct_job_run(&f->job, &f->error, &f->end);
	f->job.argv = NULL;
	return status;
}

static void assert_file(const char *path, const char *wanted)
{
	char text[1024] = "";
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	assert_string_equal(text, wanted);
}

static void test_status_and_output(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run_shell(f, "echo out; echo err >&2; exit 7"), CT_OK);
	assert_int_equal(f->end.ending, CT_JOB_EXITED);
	assert_int_equal(f->end.status, 7);
	assert_false(f->end.left_behind);
	assert_file(f->output, "out\n");
	assert_file(f->error_output, "err\n");
	assert_int_equal(run_shell(f, "kill -TERM $$"), CT_OK);
	assert_int_equal(f->end.ending, CT_JOB_SIGNALLED);
	assert_int_equal(f->end.status, SIGTERM);
	assert_file(f->output, "");
}

static void test_one_file_for_both(void **state)
{
	struct fixture *f = *state;

	f->job.error_output = f->output;
	assert_int_equal(run_shell(f, "echo 1; echo 2 >&2; echo 3"), CT_OK);
	assert_file(f->output, "1\n2\n3\n");
}

static void test_environment_and_folder(void **state)
{
	struct fixture *f = *state;

	setenv("SECRET", "x", 1);
	assert_int_equal(run_shell(f, "tr '\\0' '\\n' </proc/$$/environ; pwd >&2; echo x >made"),
			 CT_OK);
	assert_file(f->output, "PATH=/usr/bin:/bin\nA=b\n");
	strcat(f->folder, "\n");
	assert_file(f->error_output, f->folder);
	f->folder[strlen(f->folder) - 1] = '\0';
}

/* What an earlier job made is ours afterwards, and the next one's meanwhile. */
static void test_owner(void **state)
{
	struct fixture *f = *state;
	struct stat what;
	char path[128];

	assert_int_equal(run_shell(f, "umask 077; mkdir a; echo x >a/b; chmod 0 a/b a ."), CT_OK);
	snprintf(path, sizeof(path), "%s/a/b", f->folder);
	assert_int_equal(lstat(path, &what), 0);
	assert_int_equal(what.st_uid, geteuid());
	assert_file(path, "x\n");
	assert_int_equal(run_shell(f, "cat a/b; echo y >a/b"), CT_OK);
	assert_file(f->output, "x\n");
	assert_file(path, "y\n");
}

static void test_input(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run_shell(f, "cat"), CT_OK);
	assert_file(f->output, "");
	f->job.input = f->output;
	assert_int_equal(run_shell(f, "echo 5"), CT_OK);
	f->job.output = f->error_output;
	assert_int_equal(run_shell(f, "cat"), CT_OK);
	assert_file(f->error_output, "5\n");
}

static void test_own_failures(void **state)
{
	struct fixture *f = *state;
	const char *argv[] = {"no-such-command", NULL};

	f->job.argv = argv;
	assert_int_equal(ct_job_run(&f->job, &f->error, &f->end), CT_ENOTFOUND);
	assert_non_null(strstr(f->error.text, "cannot run no-such-command: No such file"));
	f->job.folder = "folder";
	assert_int_equal(ct_job_run(&f->job, &f->error, &f->end), CT_EUSAGE);
	f->job.folder = f->folder;
	f->job.output = "/dev/null/x";
	assert_int_equal(run_shell(f, "true"), CT_EWRITE);
	f->job.output = f->output;
	f->job.input = "/dev/null/x";
	assert_int_equal(run_shell(f, "true"), CT_EIO);
}

/* /dev/full is a disk without room. */
static void test_disk_full(void **state)
{
	struct fixture *f = *state;

	if (access("/dev/full", W_OK) != 0)
		skip();
	f->job.output = "/dev/full";
	assert_int_equal(run_shell(f, "echo x"), CT_EWRITE);
	assert_non_null(strstr(f->error.text, "cannot keep what sh prints: No space left"));
	assert_int_equal(access("/dev/full", W_OK), 0);
}

static void test_parents_closed(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(f->base, 0700), 0);
	assert_int_equal(run_shell(f, "true"), CT_EIO);
	assert_non_null(strstr(f->error.text, "have to be open (chmod o+x)"));
}

/* It ends the job, and is still there for whoever comes after. */
static void test_interrupted(void **state)
{
	struct fixture *f = *state;
	sigset_t term, pending;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	raise(SIGTERM);
	assert_int_equal(run_shell(f, "sleep 60"), CT_OK);
	assert_int_equal(f->end.ending, CT_JOB_INTERRUPTED);
	assert_true(f->end.wall_ms < 30000);
	sigpending(&pending);
	assert_true(sigismember(&pending, SIGTERM));
	sigwaitinfo(&term, NULL);
	sigprocmask(SIG_UNBLOCK, &term, NULL);
}

/* Links are taken back themselves, what they lead to stays as it is. */
static void test_take_back_and_links(void **state)
{
	struct fixture *f = *state;
	char outside[128], name[160];
	struct stat before, after;
	int fd;

	snprintf(outside, sizeof(outside), "%s/outside", f->base);
	fd = open(outside, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	if (geteuid() == 0)
		assert_int_equal(chown(outside, ct_job_users().first, 0), 0);
	assert_int_equal(chmod(outside, 0400), 0);
	snprintf(name, sizeof(name), "%s/link", f->folder);
	assert_int_equal(symlink(outside, name), 0);
	snprintf(name, sizeof(name), "%s/up", f->folder);
	assert_int_equal(symlink("..", name), 0);
	assert_int_equal(lstat(outside, &before), 0);
	assert_int_equal(ct_job_take_back(f->folder, &f->error), CT_OK);
	assert_int_equal(lstat(outside, &after), 0);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_mode, before.st_mode);
}

/* With few descriptors, and folders that are closed. */
static void test_deep_is_removed(void **state)
{
	struct fixture *f = *state;
	struct rlimit before, few;
	int fd = open(f->folder, O_RDONLY | O_DIRECTORY);

	for (int i = 0; i < 1500; i++) {
		int next;

		assert_int_equal(mkdirat(fd, "d", 0700), 0);
		assert_int_equal(symlinkat(f->base, fd, "link"), 0);
		next = openat(fd, "d", O_RDONLY | O_DIRECTORY);
		assert_true(next >= 0);
		if (i > 1490)
			assert_int_equal(fchmod(fd, 0), 0);
		close(fd);
		fd = next;
	}
	close(fd);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 40;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	ct_tree_remove(f->folder);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(access(f->folder, F_OK), -1);
	assert_int_equal(access(f->base, F_OK), 0);
}

/* What a hand-in folder's owner can make of it: no link leads out, nothing is waited for. */
static void test_copy(void **state)
{
	static const struct ct_tree_limits limits = {.bytes = 1000, .entries = 20, .depth = 4};
	struct fixture *f = *state;
	char outside[128], copy[128], name[160];
	int fd = open(f->folder, O_RDONLY | O_DIRECTORY), made;

	snprintf(outside, sizeof(outside), "%s/secret", f->base);
	snprintf(copy, sizeof(copy), "%s/copy", f->base);
	made = open(outside, O_WRONLY | O_CREAT, 0644);
	close(made);
	assert_int_equal(mkdirat(fd, "a", 0755), 0);
	made = openat(fd, "a/file", O_WRONLY | O_CREAT, 0755);
	assert_int_equal(write(made, "x", 1), 1);
	close(made);
	assert_int_equal(symlinkat("a/file", fd, "in"), 0);
	assert_int_equal(symlinkat("../a/../in", fd, "a/again"), 0);
	assert_int_equal(symlinkat("../secret", fd, "up"), 0);
	assert_int_equal(symlinkat("../../secret", fd, "a/up"), 0);
	assert_int_equal(symlinkat("../folder/a/file", fd, "out_and_in"), 0);
	assert_int_equal(symlinkat(outside, fd, "absolute"), 0);
	assert_int_equal(symlinkat("a", fd, "folder"), 0);
	assert_int_equal(symlinkat("loop", fd, "loop"), 0);
	assert_int_equal(mkfifoat(fd, "pipe", 0), 0);
	close(fd);
	assert_int_equal(ct_tree_copy(f->folder, copy, &limits, NULL, &f->error), CT_OK);
	fd = open(copy, O_RDONLY | O_DIRECTORY);
	snprintf(name, sizeof(name), "%s/in", copy);
	assert_file(name, "x");
	snprintf(name, sizeof(name), "%s/a/again", copy);
	assert_file(name, "x");
	assert_int_equal(faccessat(fd, "a/file", X_OK, 0), 0);
	for (size_t i = 0; i < 7; i++) {
		static const char *const left_out[] = {"up",	   "a/up",   "out_and_in", "pipe",
						       "absolute", "folder", "loop"};
		struct stat what;

		assert_int_equal(fstatat(fd, left_out[i], &what, AT_SYMLINK_NOFOLLOW), -1);
	}
	close(fd);
}

/* A report that is a link, or another file by a second name, is none. */
static void test_read_made(void **state)
{
	struct fixture *f = *state;
	char second[160];
	struct ct_text text;

	ct_text_init(&text);
	assert_int_equal(run_shell(f, "echo x"), CT_OK);
	assert_int_equal(ct_file_read_made(f->output, 10, &text), CT_OK);
	assert_string_equal(ct_text_str(&text), "x\n");
	assert_int_equal(ct_file_read_made(f->output, 1, &text), CT_EFORMAT);
	snprintf(second, sizeof(second), "%s/second", f->base);
	assert_int_equal(link(f->output, second), 0);
	assert_int_equal(ct_file_read_made(f->output, 10, &text), CT_EFORMAT);
	assert_int_equal(unlink(second), 0);
	assert_int_equal(symlink(f->output, second), 0);
	assert_int_equal(ct_file_read_made(second, 10, &text), CT_EFORMAT);
	assert_int_equal(ct_file_read_made(f->folder, 10, &text), CT_EFORMAT);
	if (geteuid() == 0) {
		assert_int_equal(chown(f->output, ct_job_users().first, 0), 0);
		assert_int_equal(ct_file_read_made(f->output, 10, &text), CT_EFORMAT);
	}
	ct_text_fini(&text);
}

static void assert_words(const struct ct_job *job, struct ct_job_end end, const char *wanted)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_job_end_text(&text, job, &end);
	assert_string_equal(ct_text_str(&text), wanted);
	ct_text_fini(&text);
}

static void test_words(void **state)
{
	const struct ct_job job = {.limits = {.wall_ms = 2500,
					      .memory_bytes = (uint64_t)512 << 20,
					      .output_bytes = 65536,
					      .file_bytes = (uint64_t)20 << 30,
					      .processes = 64}};

	(void)state;
	assert_words(&job, (struct ct_job_end){.ending = CT_JOB_EXITED, .status = 3},
		     "exited with status 3");
	assert_words(&job,
		     (struct ct_job_end){
			     .ending = CT_JOB_SIGNALLED, .status = SIGSEGV, .left_behind = true},
		     "was killed by SIGSEGV and left processes behind");
	assert_words(&job, (struct ct_job_end){.ending = CT_JOB_TIME},
		     "was killed: not done after 2.5 s");
	assert_words(&job, (struct ct_job_end){.ending = CT_JOB_MEMORY},
		     "was killed: more than 512 MB of memory");
	assert_words(&job, (struct ct_job_end){.ending = CT_JOB_OUTPUT},
		     "was killed: more than 64 KB of output");
	assert_words(&job, (struct ct_job_end){.ending = CT_JOB_PROCESSES},
		     "was killed: more than 64 processes and threads");
	assert_words(&job, (struct ct_job_end){.ending = CT_JOB_FILES},
		     "was killed: more than 20 GB of files, or too many folders in one another");
	assert_words(&job, (struct ct_job_end){.ending = CT_JOB_INTERRUPTED},
		     "was ended, as we were told to end");
}

struct pieces {
	int statuses[16];
	size_t done;
	bool interrupt; /* after the first one */
};

static int work(void *context, size_t index)
{
	(void)context;
	if (index == 3)
		abort();
	if (ct_pool_is_ending())
		return 100;
	return (int)index;
}

static void note_done(void *context, size_t index, int status)
{
	struct pieces *pieces = context;

	pieces->statuses[index] = status;
	pieces->done++;
	if (pieces->interrupt)
		raise(SIGTERM);
}

static void test_pool(void **state)
{
	const struct ct_pool_options options = {.workers = 3, .count = 8, .done = note_done};
	struct pieces pieces = {.done = 0};
	struct ct_error error;
	int signal;

	(void)state;
	assert_int_equal(ct_pool_run(&options, work, &pieces, &signal, &error), CT_OK);
	assert_int_equal(pieces.done, 8);
	for (int i = 0; i < 8; i++)
		assert_int_equal(pieces.statuses[i], i == 3 ? -1 : i);
}

static int wait_for_the_end(void *context, size_t index)
{
	(void)context;
	if (index == 0)
		return 0;
	for (int i = 0; i < 6000 && !ct_pool_is_ending(); i++)
		usleep(10000);
	return ct_pool_is_ending() ? 5 : 6;
}

/* The worker that has begun gets to its end, the others do not begin. */
static void test_pool_interrupted(void **state)
{
	const struct ct_pool_options options = {.workers = 2, .count = 9, .done = note_done};
	struct pieces pieces = {.interrupt = true};
	struct ct_error error;
	int signal = 0;

	(void)state;
	assert_int_equal(ct_pool_run(&options, wait_for_the_end, &pieces, &signal, &error),
			 CT_EINTR);
	assert_int_equal(signal, SIGTERM);
	assert_true(pieces.done >= 2 && pieces.done <= 3);
	assert_int_equal(pieces.statuses[1], 5);
	assert_int_equal(ct_pool_is_ending(), false);
}

/* Its job holds a lock as long as a process of it lives. */
static int be_killed(void *context, size_t index)
{
	struct fixture *f = context;

	(void)index;
	alarm(1); /* kills the worker, not the job */
	return run_shell(f, "exec 9>lock; flock 9; echo >begun; (setsid sleep 300 &); sleep 300");
}

static void ignore_done(void *context, size_t index, int status)
{
	(void)context;
	(void)index;
	assert_int_equal(status, -1);
}

static void test_worker_killed(void **state)
{
	const struct ct_pool_options options = {.workers = 1, .count = 1, .done = ignore_done};
	struct fixture *f = *state;
	struct ct_error error;
	char path[128];
	int signal, fd;

	assert_int_equal(ct_pool_run(&options, be_killed, f, &signal, &error), CT_OK);
	snprintf(path, sizeof(path), "%s/begun", f->folder);
	assert_int_equal(access(path, F_OK), 0);
	snprintf(path, sizeof(path), "%s/lock", f->folder);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_status_and_output),
		TEST(test_one_file_for_both),
		TEST(test_environment_and_folder),
		TEST(test_owner),
		TEST(test_input),
		TEST(test_own_failures),
		TEST(test_disk_full),
		TEST(test_parents_closed),
		TEST(test_interrupted),
		TEST(test_take_back_and_links),
		TEST(test_deep_is_removed),
		TEST(test_copy),
		TEST(test_read_made),
		TEST(test_worker_killed),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_pool_interrupted),
	};
#undef TEST
	int status;

	if (ct_job_inside(argc, argv, &status))
		return status;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
