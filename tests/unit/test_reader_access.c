/* Lists of accesses: how they are read and told, what is torn, whether a trace has them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reader/dump.h"
#include "reader/reader.h"
#include "reader/repair.h"
#include "trace_writer.h"

enum { ENTRIES = 4 };

struct CT_PACKED list {
	uint16_t count;
	struct ct_access_entry entries[ENTRIES];
};

static const struct list list = {
	ENTRIES,
	{
		{4, CT_ACCESS_READ, {0x10, 0x32, 0x54, 0x76, 0x98, 0x7f}, 1, 0, 0},
		{8, CT_ACCESS_READ | CT_ACCESS_WRITE | CT_ACCESS_VOLATILE, {0x20}, 0, 99, 16},
		{1, CT_ACCESS_WRITE | CT_ACCESS_LIBC, {0x30}, 2, 1, (uint16_t)-3},
		{8, CT_ACCESS_READ | CT_ACCESS_VPTR, {0x40}, 2, 0, 0},
	},
};

static void begin_trace(struct trace_writer *w)
{
	tw_begin(w);
	tw_process(w, 1, 0, 1000);
	tw_packet(w, 1, 1, 0, 1000);
	tw_obj(w, 1100, CT_EV_MUTEX_LOCK, 0, 0x6000);
}

static void define(struct trace_writer *w, uint16_t id, const void *payload, size_t size,
		   const char *tail, size_t tail_size)
{
	struct trace_writer *defs = calloc(1, sizeof(*defs));

	assert_non_null(defs);
	*defs = *w;
	tw_packet(defs, 1, 0, 0, 1000);
	tw_define(defs, id, payload, size, tail, tail_size);
	tw_append(defs, "p1.defs");
	free(defs);
}

static void add_instrumented(struct trace_writer *w, uint64_t address)
{
	struct ct_payload_name name = {1000, address};

	define(w, CT_DEF_INSTRUMENTED, &name, sizeof(name), "prog", 5);
}

static void add_module(struct trace_writer *w, const char *path, uint64_t start)
{
	struct ct_payload_module module = {1000, start, start + 0x1000, 0, 0};

	define(w, CT_DEF_MODULE, &module, sizeof(module), path, strlen(path) + 1);
}

static struct ct_trace *open_trace(const struct trace_writer *w)
{
	struct ct_trace *trace;
	struct ct_error error;

	if (ct_trace_open(w->folder, &error, &trace) != CT_OK)
		fail_msg("%s", error.text);
	return trace;
}

/* The thread's last record. */
static struct ct_record last_record(struct ct_trace *trace, struct ct_stream **out_stream)
{
	struct ct_record record = {0}, next;

	assert_int_equal(ct_stream_open(trace, 0, out_stream), CT_OK);
	while (ct_stream_next(*out_stream, &next))
		record = next;
	return record;
}

static enum ct_status add_line(void *state, const struct ct_event *event)
{
	struct ct_text *text = ((void **)state)[0];

	if (event->definition)
		return CT_OK;
	ct_event_format(text, ((void **)state)[1], event);
	ct_text_addc(text, '\n');
	return CT_OK;
}

static void expect_lines(struct ct_trace *trace, const char *lines)
{
	struct ct_text text = {0};
	void *state[] = {&text, trace};

	assert_int_equal(ct_trace_each_event(trace, add_line, state), CT_OK);
	assert_string_equal(ct_text_str(&text), lines);
	ct_text_fini(&text);
}

static void test_lists_are_read_and_told(void **state)
{
	struct ct_payload_atomic atomic = {0x7000, 4, 2}, fence = {0, 0, 5};
	struct trace_writer w;
	struct ct_trace *trace;
	struct ct_stream *stream;
	struct ct_record record;

	(void)state;
	begin_trace(&w);
	tw_record(&w, 1200, CT_EV_ATOMIC_LOAD, 0, 1, &atomic, sizeof(atomic));
	tw_record(&w, 1300, CT_EV_FENCE, 0, 0, &fence, sizeof(fence));
	tw_record(&w, 1300, CT_EV_ACCESSES, 0, 0, &list, sizeof(list));
	tw_append(&w, "p1.t0");
	trace = open_trace(&w);
	assert_int_equal(trace->problem_count, 0);
	record = last_record(trace, &stream);
	assert_int_equal(record.event, CT_EV_ACCESSES);
	assert_int_equal(record.object, ENTRIES);
	assert_int_equal(record.payload_size, sizeof(list));
	assert_memory_equal(record.payload, &list, sizeof(list));
	ct_stream_close(stream);
	expect_lines(trace,
		     "[0.000000100] p1:T1 pthread_mutex_lock object=0x6000 stack=1\n"
		     "[0.000000200] p1:T1 atomic_load object=0x7000 size=4 order=acquire stack=1\n"
		     "[0.000000300] p1:T1 atomic_fence object=0x0 size=0 order=seq_cst\n"
		     "[0.000000300] p1:T1 accesses {r 4 0x7f9876543210 stack=1}"
		     " {rw 8 0x20 x100 +16 volatile} {w 1 0x30 x2 -3 stack=2 libc}"
		     " {r 8 0x40 stack=2 vptr}\n");
	ct_trace_free(trace);
	tw_end(&w);
}

/* A list that grew when the program was killed: entries are counted that are not there yet. */
static void test_growing_list(void **state)
{
	struct ct_repair_counts counts;
	struct list growing = list;
	struct trace_writer w;
	struct ct_trace *trace;
	struct ct_stream *stream;
	struct ct_record record;
	struct ct_error error;

	(void)state;
	growing.count = ENTRIES + 1;
	begin_trace(&w);
	tw_record(&w, 1100, CT_EV_ACCESSES, 0, 0, &growing, sizeof(growing));
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 0x7ffffffe);
	for (int repaired = 0; repaired < 2; repaired++) {
		trace = open_trace(&w);
		assert_int_equal(trace->problem_count, 0);
		record = last_record(trace, &stream);
		assert_int_equal(record.event, CT_EV_ACCESSES);
		assert_int_equal(record.payload_size, sizeof(list));
		ct_stream_close(stream);
		expect_lines(trace, "[0.000000100] p1:T1 pthread_mutex_lock object=0x6000 stack=1\n"
				    "[0.000000100] p1:T1 accesses {r 4 0x7f9876543210 stack=1}"
				    " {rw 8 0x20 x100 +16 volatile} {w 1 0x30 x2 -3 stack=2 libc}"
				    " {r 8 0x40 stack=2 vptr}\n");
		ct_trace_free(trace);
		assert_int_equal(ct_trace_repair(w.folder, NULL, &error, &counts), CT_OK);
	}
	tw_end(&w);
}

/* The same where it is damage: half an entry, or a list that is larger than all that follows. */
static void test_torn_list(void **state)
{
	struct trace_writer w;
	struct list torn = list;
	struct ct_trace *trace;
	struct ct_stream *stream;
	struct ct_record record;

	(void)state;
	begin_trace(&w);
	tw_record(&w, 1100, CT_EV_ACCESSES, 0, 0, &list, sizeof(list) - 1);
	tw_append(&w, "p1.t0");
	tw_packet(&w, 1, 1, 1, 2000);
	torn.count = UINT16_MAX;
	tw_record(&w, 2000, CT_EV_ACCESSES, 0, 0, &torn, sizeof(torn));
	tw_obj(&w, 2100, CT_EV_MUTEX_UNLOCK, 0, 0x6000);
	tw_append(&w, "p1.t0");
	tw_packet(&w, 1, 1, 2, 3000);
	tw_obj(&w, 3100, CT_EV_MUTEX_LOCK, 0, 0x6001);
	tw_append(&w, "p1.t0");
	trace = open_trace(&w);
	record = last_record(trace, &stream);
	assert_int_equal(record.object, 0x6001);
	ct_stream_close(stream);
	assert_int_equal(trace->problem_count, 2);
	assert_non_null(strstr(trace->problems[0], "torn"));
	assert_non_null(strstr(trace->problems[1], "torn"));
	ct_trace_free(trace);
	tw_end(&w);
}

static void expect_accesses(const struct trace_writer *w, bool some, bool all)
{
	struct ct_trace *trace = open_trace(w);

	assert_int_equal(trace->some_accesses, some);
	assert_int_equal(trace->accesses, all);
	ct_trace_free(trace);
}

static void test_completeness(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	struct ct_error error;

	(void)state;
	begin_trace(&w);
	tw_append(&w, "p1.t0");
	tw_packet(&w, 1, 2, 0, 1000);
	tw_obj(&w, 1100, CT_EV_MUTEX_LOCK, 0, 0x6000);
	tw_append(&w, "p1.t1");
	expect_accesses(&w, false, false);
	add_instrumented(&w, 0x401000); /* in the module of tw_process */
	expect_accesses(&w, true, true);
	add_module(&w, "/lib/x86_64-linux-gnu/libc.so.6", 0x7f0000000000);
	expect_accesses(&w, true, true);
	add_module(&w, "/usr/lib/libcrypt.so", 0x7f0000100000);
	expect_accesses(&w, true, false);
	add_instrumented(&w, 0x7f0000100fff);
	expect_accesses(&w, true, true);
	assert_int_equal(ct_trace_open_recent(w.folder, 1, &error, &trace), CT_OK);
	assert_false(trace->some_accesses); /* as it is not read for them */
	assert_int_equal(trace->instrumented_count, 2);
	assert_string_equal(trace->instrumented[1].name, "prog");
	assert_int_equal(trace->instrumented[1].address, 0x7f0000100fff);
	ct_trace_free(trace);
	tw_packet(&w, 1, 1, 1, 2000);
	tw_obj_arg(&w, 2000, CT_EV_ACCESSES_SKIPPED, 0, 5, CT_SKIP_SAMPLED);
	tw_append(&w, "p1.t0");
	expect_accesses(&w, true, false);
	tw_end(&w);
}

/* Records that are lost may have been lists. */
static void test_completeness_of_what_is_lost(void **state)
{
	struct trace_writer w;

	(void)state;
	begin_trace(&w);
	add_instrumented(&w, 0x401000);
	tw_head(&w)->context.events_discarded = 1;
	tw_append(&w, "p1.t0");
	expect_accesses(&w, true, false);
	tw_end(&w);
}

/* A forked child has its parent's modules; what it execs is another program. */
static void test_completeness_of_children(void **state)
{
	struct ct_payload_process exec = {.time = 3000, .pid = 1002, .process = 2, .image = 1};
	struct ct_payload_module module = {3000, 0x400000, 0x500000, 0, 0};
	struct ct_payload_map map = {.time = 3000, .start = 0x700000, .size = 4096, .inode = 1};
	struct trace_writer w;

	(void)state;
	begin_trace(&w);
	add_instrumented(&w, 0x401000);
	tw_append(&w, "p1.t0");
	tw_process(&w, 2, 1, 2000);
	tw_packet(&w, 2, 0, 0, 2000);
	tw_define(&w, CT_DEF_MAP, &map, sizeof(map), NULL, 0);
	tw_append(&w, "p2.defs");
	expect_accesses(&w, true, true);
	tw_packet(&w, 2, 0, 0, 2000);
	tw_define(&w, CT_DEF_PROCESS, &exec, sizeof(exec), "other", 6);
	tw_define(&w, CT_DEF_MODULE, &module, sizeof(module), "/bin/other", 11);
	tw_append(&w, "p2.defs");
	expect_accesses(&w, true, false);
	tw_end(&w);
}

/* What one thread does in memory of its own does not matter. */
static void test_completeness_of_helpers(void **state)
{
	struct trace_writer w;

	(void)state;
	begin_trace(&w);
	tw_append(&w, "p1.t0");
	tw_process(&w, 2, 0, 2000);
	tw_packet(&w, 2, 1, 0, 2000);
	tw_obj(&w, 2100, CT_EV_MUTEX_LOCK, 0, 0x6000);
	tw_append(&w, "p2.t0");
	add_instrumented(&w, 0x401000);
	expect_accesses(&w, true, true);
	tw_packet(&w, 2, 2, 0, 2000);
	tw_obj(&w, 2100, CT_EV_MUTEX_LOCK, 0, 0x6000);
	tw_append(&w, "p2.t1");
	expect_accesses(&w, true, false);
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_are_read_and_told),
		cmocka_unit_test(test_growing_list),
		cmocka_unit_test(test_torn_list),
		cmocka_unit_test(test_completeness),
		cmocka_unit_test(test_completeness_of_what_is_lost),
		cmocka_unit_test(test_completeness_of_children),
		cmocka_unit_test(test_completeness_of_helpers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
