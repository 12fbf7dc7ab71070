/* Repair: what was staged is appended once, tails are cut, living processes are left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "reader/dump.h"
#include "reader/reader.h"
#include "reader/repair.h"
#include "trace_writer.h"

#define DEAD_PID 0x7ffffffe /* above every kernel's limit of pids */

struct dump {
	struct ct_trace *trace;
	struct ct_text text;
};

static enum ct_status dump_event(void *state, const struct ct_event *event)
{
	struct dump *dump = state;

	ct_event_format(&dump->text, dump->trace, event);
	ct_text_addc(&dump->text, '\n');
	return CT_OK;
}

/* All events of the trace as text; it must have no problems if `good`. */
static void dump_all(const struct trace_writer *w, bool good, struct ct_text *out)
{
	struct dump dump = {0};
	struct ct_error error;

	if (ct_trace_open(w->folder, &error, &dump.trace) != CT_OK)
		fail_msg("%s", error.text);
	assert_int_equal(ct_trace_each_event(dump.trace, dump_event, &dump), CT_OK);
	if (good && dump.trace->problem_count)
		fail_msg("%s", dump.trace->problems[0]);
	ct_trace_free(dump.trace);
	*out = dump.text;
}

static struct ct_repair_counts repair(const struct trace_writer *w)
{
	struct ct_repair_counts counts;
	struct ct_error error;

	if (ct_trace_repair(w->folder, NULL, &error, &counts) != CT_OK)
		fail_msg("%s", error.text);
	return counts;
}

/* Repairs, and holds the events before against those after; a second time changes nothing. */
static struct ct_repair_counts repair_and_compare(struct trace_writer *w)
{
	struct ct_repair_counts counts, again;
	struct ct_text before, after;
	uint64_t sum;

	dump_all(w, false, &before);
	counts = repair(w);
	dump_all(w, true, &after);
	assert_string_equal(ct_text_str(&before), ct_text_str(&after));
	ct_text_fini(&before);
	ct_text_fini(&after);
	sum = tw_checksum(w);
	again = repair(w);
	assert_int_equal(tw_checksum(w), sum);
	assert_int_equal(again.packets + again.renamed + again.cut_files + again.removed, 0);
	return counts;
}

static void packet(struct trace_writer *w, uint32_t thread, uint64_t sequence, unsigned records)
{
	tw_packet(w, 1, thread, sequence, 2000 + sequence * 100);
	for (unsigned i = 0; i < records; i++)
		tw_obj(w, 2000 + sequence * 100 + i, CT_EV_MUTEX_LOCK, 0, thread);
}

static void test_nothing_to_do(void **state)
{
	struct trace_writer w;
	struct ct_repair_counts counts;
	uint64_t sum;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	packet(&w, 1, 0, 5);
	tw_append(&w, "p1.t0");
	sum = tw_checksum(&w);
	counts = repair_and_compare(&w);
	assert_int_equal(tw_checksum(&w), sum);
	assert_int_equal(counts.packets, 0);
	tw_end(&w);
}

static void test_staged_packets(void **state)
{
	struct trace_writer w;
	struct ct_repair_counts counts;
	struct ct_packet head;
	char path[128];
	FILE *file;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	packet(&w, 1, 0, 5); /* behind a packet that stands */
	tw_append(&w, "p1.t0");
	packet(&w, 1, 1, 3);
	tw_head(&w)->context.timestamp_end = 1;
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, DEAD_PID);
	packet(&w, 2, 0, 4); /* into a file that does not exist */
	tw_live(&w, "p1.t1", CT_LIVE_RUNNING, DEAD_PID);
	packet(&w, 3, 0, 4); /* a copy */
	tw_append(&w, "p1.t2");
	tw_live(&w, "p1.t2", CT_LIVE_FREE, DEAD_PID);
	packet(&w, 4, 0, 0); /* nothing in it */
	tw_live(&w, "p1.t3", CT_LIVE_RUNNING, DEAD_PID);
	counts = repair_and_compare(&w);
	assert_int_equal(counts.packets, 2);
	assert_int_equal(tw_size(&w, ".live/p1.t0"), -1);
	assert_int_equal(tw_size(&w, ".live/p1.t1"), -1);
	assert_int_equal(tw_size(&w, ".live/p1.t2"), -1);
	assert_int_equal(tw_size(&w, ".live/p1.t3"), -1);
	assert_int_equal(tw_size(&w, "p1.t3"), -1);
	assert_int_equal(tw_size(&w, ".p1.t1"), -1);
	assert_int_equal(tw_size(&w, "p1.t1"), sizeof(head) + 4 * 24);
	assert_int_equal(tw_size(&w, "p1.t0"), 2 * sizeof(head) + 8 * 24);
	snprintf(path, sizeof(path), "%s/p1.t0", w.folder);
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fseek(file, sizeof(head) + 5 * 24, SEEK_SET), 0);
	assert_int_equal(fread(&head, sizeof(head), 1, file), 1);
	fclose(file);
	assert_int_equal(head.context.timestamp_end, 2102);
	assert_int_equal(head.context.content_size, (sizeof(head) + 3 * 24) * 8);
	assert_int_equal(head.context.packet_size, head.context.content_size);
	tw_end(&w);
}

/* A part of the packet was appended while its thread went on. */
static void test_packet_that_grew(void **state)
{
	struct trace_writer w;
	struct ct_repair_counts counts;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	packet(&w, 1, 0, 3);
	tw_append(&w, "p1.t0");
	packet(&w, 1, 0, 7);
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, DEAD_PID);
	counts = repair_and_compare(&w);
	assert_int_equal(counts.packets, 1);
	assert_int_equal(counts.bytes, 4 * 24);
	assert_int_equal(tw_size(&w, "p1.t0"), sizeof(struct ct_packet) + 7 * 24);
	tw_end(&w);
}

/* Wherever a file was torn, and with or without the packet in `.live/`: the same events after. */
static void test_torn_tails(void **state)
{
	const uint64_t one = sizeof(struct ct_packet) + 3 * 24;
	struct trace_writer w;

	(void)state;
	for (int staged = 0; staged < 2; staged++) {
		for (uint64_t size = one; size < 2 * one; size += 5) {
			struct ct_repair_counts counts;

			tw_begin(&w);
			tw_process(&w, 1, 0, 1000);
			packet(&w, 1, 0, 3);
			tw_append(&w, "p1.t0");
			packet(&w, 1, 1, 3);
			if (staged)
				tw_live(&w, "p1.t0", CT_LIVE_RUNNING, DEAD_PID);
			tw_append(&w, "p1.t0");
			tw_truncate(&w, "p1.t0", size);
			counts = repair_and_compare(&w);
			assert_int_equal(counts.damaged, 0);
			if (staged)
				assert_int_equal(tw_size(&w, "p1.t0"), 2 * one);
			else
				assert_true(tw_size(&w, "p1.t0") <= (int64_t)size);
			tw_end(&w);
		}
	}
}

static void test_torn_definitions_and_garbage(void **state)
{
	struct trace_writer w;
	struct ct_repair_counts counts;
	int64_t size;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	size = tw_size(&w, "p1.defs");
	tw_truncate(&w, "p1.defs", (uint64_t)size + 77);
	tw_write(&w, "p1.t1", "", 0); /* born without content */
	tw_write(&w, "p1.t2", "not a stream", 12);
	packet(&w, 1, 0, 5);
	tw_append(&w, "p1.t0");
	tw_append(&w, ".p1.t3"); /* killed before it got its name */
	tw_append(&w, ".p1.t0"); /* a leftover */
	counts = repair(&w);
	assert_int_equal(counts.cut_files, 1);
	assert_int_equal(counts.cut_bytes, 77);
	assert_int_equal(counts.removed, 1);
	assert_int_equal(counts.damaged, 1);
	assert_int_equal(counts.renamed, 1);
	assert_int_equal(tw_size(&w, "p1.defs"), size);
	assert_int_equal(tw_size(&w, "p1.t1"), -1);
	assert_int_equal(tw_size(&w, "p1.t2"), 12);
	assert_true(tw_size(&w, "p1.t3") > 0);
	assert_int_equal(tw_size(&w, ".p1.t3"), -1);
	tw_end(&w);
}

static void test_damaged_staging_is_left(void **state)
{
	const uint32_t wrong = 5;
	struct trace_writer w;
	struct ct_repair_counts counts;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	packet(&w, 1, 0, 5);
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, DEAD_PID);
	tw_poke(&w, ".live/p1.t0", CT_LIVE_SIZE, &wrong, sizeof(wrong));
	tw_write(&w, ".live/p1.t1", "short", 5);
	counts = repair(&w);
	assert_int_equal(counts.damaged, 2);
	assert_int_equal(counts.packets, 0);
	assert_true(tw_size(&w, ".live/p1.t0") > 0);
	assert_int_equal(tw_size(&w, "p1.t0"), -1);
	tw_end(&w);
}

/* Lane 0: of a process that lives (this one); lane of process 2: of a dead one. */
static void make_half_dead(struct trace_writer *w)
{
	tw_begin(w);
	tw_process(w, 1, 0, 1000);
	tw_process(w, 2, 1, 1000);
	packet(w, 1, 0, 5);
	tw_live(w, "p1.t0", CT_LIVE_RUNNING, (uint32_t)getpid());
	tw_packet(w, 2, 1, 0, 2000);
	tw_obj(w, 2000, CT_EV_MUTEX_LOCK, 0, 9);
	tw_live(w, "p2.t0", CT_LIVE_RUNNING, DEAD_PID);
}

static void test_living_process(void **state)
{
	struct trace_writer w;
	struct ct_repair_options options = {.mode = CT_REPAIR_DEAD};
	struct ct_repair_counts counts;
	struct ct_error error;
	uint32_t self = (uint32_t)getpid();
	uint64_t sum;

	(void)state;
	make_half_dead(&w);
	sum = tw_checksum(&w);
	assert_int_equal(ct_trace_repair(w.folder, NULL, &error, &counts), CT_EUSAGE);
	assert_non_null(strstr(error.text, "is still running"));
	assert_int_equal(tw_checksum(&w), sum);
	assert_int_equal(ct_trace_repair(w.folder, &options, &error, &counts), CT_OK);
	assert_int_equal(counts.packets, 1);
	assert_int_equal(counts.alive, 1);
	assert_true(tw_size(&w, ".live/p1.t0") > 0);
	assert_true(tw_size(&w, "p2.t0") > 0);
	options.dead_pids = &self; /* the caller knows better */
	options.dead_count = 1;
	assert_int_equal(ct_trace_repair(w.folder, &options, &error, &counts), CT_OK);
	assert_int_equal(counts.packets, 1);
	assert_true(tw_size(&w, "p1.t0") > 0);
	tw_end(&w);
	make_half_dead(&w);
	options = (struct ct_repair_options){.mode = CT_REPAIR_FORCE};
	assert_int_equal(ct_trace_repair(w.folder, &options, &error, &counts), CT_OK);
	assert_int_equal(counts.packets, 2);
	tw_end(&w);
}

static void test_zombie_is_dead(void **state)
{
	struct trace_writer w;
	siginfo_t info;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_true(pid > 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	packet(&w, 1, 0, 5);
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, (uint32_t)pid);
	assert_int_equal(repair(&w).packets, 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	tw_end(&w);
}

/* The session says that the pid began at another time: it is another process now. */
static void test_pid_that_was_used_again(void **state)
{
	static struct ct_session session;
	struct trace_writer w;
	struct ct_repair_counts counts;
	struct ct_error error;

	(void)state;
	make_half_dead(&w);
	session.magic = CT_SESSION_MAGIC;
	session.version = CT_FORMAT_VERSION;
	session.slots[777].pid = (uint32_t)getpid();
	session.slots[777].start = 1;
	tw_write(&w, ".live/session", &session, sizeof(session));
	assert_int_equal(ct_trace_repair(w.folder, NULL, &error, &counts), CT_OK);
	assert_int_equal(counts.packets, 2);
	tw_end(&w);
}

static void test_foreign(void **state)
{
	struct trace_writer w;
	struct ct_repair_counts counts;
	struct ct_error error;

	(void)state;
	assert_int_equal(ct_trace_repair("/nonexistent", NULL, &error, &counts), CT_ENOTFOUND);
	assert_int_equal(ct_trace_repair("/dev/null", NULL, &error, &counts), CT_EIO);
	tw_begin(&w);
	tw_write(&w, "metadata", "/* CTF 1.8 */", 13);
	tw_write(&w, "p1.t0", "precious", 8);
	assert_int_equal(ct_trace_repair(w.folder, NULL, &error, &counts), CT_EFORMAT);
	assert_int_equal(tw_size(&w, "p1.t0"), 8);
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_to_do),
		cmocka_unit_test(test_staged_packets),
		cmocka_unit_test(test_packet_that_grew),
		cmocka_unit_test(test_torn_tails),
		cmocka_unit_test(test_torn_definitions_and_garbage),
		cmocka_unit_test(test_damaged_staging_is_left),
		cmocka_unit_test(test_living_process),
		cmocka_unit_test(test_zombie_is_dead),
		cmocka_unit_test(test_pid_that_was_used_again),
		cmocka_unit_test(test_foreign),
	};

	return cmocka_run_group_tests_name("reader_repair", tests, NULL, NULL);
}
