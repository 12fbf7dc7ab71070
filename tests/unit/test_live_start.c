/* How a program was started, as its trace tells it: read again, without what recording had put
 * there; what is torn, hostile or missing is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/ct_start.h"
#include "live/start.h"
#include "live/steered.h"
#include "trace_writer.h"

struct file {
	char bytes[4096];
	size_t size;
};

static void add(struct file *file, uint32_t kind, const char *bytes, size_t size)
{
	struct ct_start_piece piece = {kind, (uint32_t)size};

	memcpy(file->bytes + file->size, &piece, sizeof(piece));
	memcpy(file->bytes + file->size + sizeof(piece), bytes, size);
	file->size += sizeof(piece) + size;
}

static const char command[] = "./prog\0a b\0\0last";
static const char environment[] =
	"A=1\0LD_PRELOAD=/x/libconctrace.so:/y/other.so\0EMPTY=\0CONCTRACE_TRACE=/t\0"
	"CONCTRACE_OPTIONS=stack=12:trace=/t:perturb=3:max=1G:steer=/t/.plan\0Z=a=b";

static void whole(struct file *file)
{
	uint64_t at = 7;

	file->size = 0;
	add(file, CT_START_COMMAND, command, 9);
	add(file, CT_START_COMMAND, command + 9, sizeof(command) - 9);
	add(file, CT_START_ENVIRONMENT, environment, sizeof(environment));
	add(file, CT_START_DIRECTORY, "/home/me", 8);
	add(file, CT_START_PROGRAM, "/bin/prog", 9);
	add(file, CT_START_INPUT, "/tmp/in", 7);
	add(file, CT_START_INPUT_AT, (const char *)&at, sizeof(at));
	add(file, CT_START_END, "", 0);
}

static enum ct_status read_it(struct trace_writer *w, const struct file *file, struct ct_start *out)
{
	struct ct_error error;

	tw_write(w, ".start", file->bytes, file->size);
	return ct_start_read(w->folder, out, &error);
}

static void test_whole(void **state)
{
	static const char *const kept[] = {"A=1", "LD_PRELOAD=/y/other.so",
					   "EMPTY=", "CONCTRACE_OPTIONS=stack=12:max=1G", "Z=a=b"};
	struct trace_writer w;
	struct ct_start start;
	struct file file;

	(void)state;
	tw_begin(&w);
	whole(&file);
	assert_int_equal(read_it(&w, &file, &start), CT_OK);
	assert_string_equal(start.arguments[0], "./prog");
	assert_string_equal(start.arguments[1], "a b");
	assert_string_equal(start.arguments[2], "");
	assert_string_equal(start.arguments[3], "last");
	assert_null(start.arguments[4]);
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		assert_string_equal(start.environment[i], kept[i]);
	assert_null(start.environment[sizeof(kept) / sizeof(*kept)]);
	assert_string_equal(start.directory, "/home/me");
	assert_string_equal(start.program, "/bin/prog");
	assert_string_equal(start.input, "/tmp/in");
	assert_int_equal(start.input_at, 7);
	assert_false(start.input_gone);
	ct_start_fini(&start);
	tw_end(&w);
}

static void test_nothing_is_left(void **state)
{
	static const char only_ours[] =
		"LD_PRELOAD=/x/libconctrace.so\0CONCTRACE_OPTIONS=trace=/t\0NO_VALUE";
	struct trace_writer w;
	struct ct_start start;
	struct file file = {.size = 0};

	(void)state;
	tw_begin(&w);
	add(&file, CT_START_COMMAND, "p", 2);
	add(&file, CT_START_ENVIRONMENT, only_ours, sizeof(only_ours));
	add(&file, CT_START_DIRECTORY, "/", 1);
	add(&file, CT_START_PROGRAM, "/p", 2);
	add(&file, CT_START_INPUT, "pipe:[77]", 9);
	add(&file, CT_START_END, "", 0);
	assert_int_equal(read_it(&w, &file, &start), CT_OK);
	assert_string_equal(start.environment[0], "NO_VALUE");
	assert_null(start.environment[1]);
	assert_null(start.input);
	assert_true(start.input_gone);
	ct_start_fini(&start);
	tw_end(&w);
}

/* Each part of it, and each with a byte that is wrong: refused or read, and nothing else. */
static void test_damaged(void **state)
{
	struct trace_writer w;
	struct ct_error error;
	struct ct_start start;
	struct file file;

	(void)state;
	tw_begin(&w);
	assert_int_equal(ct_start_read(w.folder, &start, &error), CT_ENOTFOUND);
	whole(&file);
	for (size_t size = 0; size < file.size; size++) {
		struct file part = file;

		part.size = size;
		assert_int_equal(read_it(&w, &part, &start), CT_EFORMAT);
	}
	for (size_t i = 0; i < file.size; i++) {
		struct file wrong = file;

		wrong.bytes[i] ^= 0x5a;
		if (read_it(&w, &wrong, &start) == CT_OK)
			ct_start_fini(&start);
	}
	tw_end(&w);
}

static void path_of_start(const struct trace_writer *w, char *out, size_t size)
{
	snprintf(out, size, "%s%s", w->folder, CT_START_FILE);
}

/* Neither waited for, nor read without end, nor obeyed if another user wrote it. */
static void test_hostile(void **state)
{
	struct trace_writer w;
	struct ct_error error;
	struct ct_start start;
	struct file file;
	char path[128];

	(void)state;
	tw_begin(&w);
	whole(&file);
	path_of_start(&w, path, sizeof(path));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(ct_start_read(w.folder, &start, &error), CT_ENOTFOUND);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(read_it(&w, &file, &start), CT_OK);
	ct_start_fini(&start);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 1, 1), 0);
		assert_int_equal(ct_start_read(w.folder, &start, &error), CT_EUSAGE);
		assert_int_equal(chown(path, 0, 0), 0);
		assert_int_equal(chown(w.folder, 1, 1), 0);
		assert_int_equal(ct_start_read(w.folder, &start, &error), CT_EUSAGE);
		assert_int_equal(chown(w.folder, 0, 0), 0);
	}
	assert_int_equal(truncate(path, (off_t)1 << 36), 0);
	assert_int_equal(ct_start_read(w.folder, &start, &error), CT_ENOTFOUND);
	tw_end(&w);
}

/* What a run leaves counts only with the plan that it was given. */
static void test_steered(void **state)
{
	static struct ct_steer steer, read;
	static struct ct_plan plan;
	struct trace_writer w;

	(void)state;
	tw_begin(&w);
	plan = (struct ct_plan){.magic = CT_PLAN_MAGIC, .version = CT_PLAN_VERSION, .count = 2};
	steer = (struct ct_steer){
		.magic = CT_STEER_MAGIC, .version = CT_PLAN_VERSION, .plan = plan};
	assert_false(ct_steered_read(w.folder, &plan, &read));
	tw_write(&w, &CT_STEER_FILE[1], &steer, sizeof(steer));
	assert_true(ct_steered_read(w.folder, &plan, &read));
	tw_write(&w, &CT_STEER_FILE[1], &steer, sizeof(steer) - 1);
	assert_false(ct_steered_read(w.folder, &plan, &read));
	steer.plan.count = CT_PLAN_THREADS_MAX;
	tw_write(&w, &CT_STEER_FILE[1], &steer, sizeof(steer));
	assert_false(ct_steered_read(w.folder, &plan, &read));
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	cmocka_unit_test(test_nothing_is_left),
		cmocka_unit_test(test_damaged), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_steered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
