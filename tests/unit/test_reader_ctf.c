/* CTF folders that are whole: what was written is read, lazily or all in one order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "reader/dump.h"
#include "reader/layout.h"
#include "reader/reader.h"
#include "trace_writer.h"

static struct ct_trace *open_trace(const struct trace_writer *w)
{
	struct ct_trace *trace = NULL;
	struct ct_error error;

	if (ct_trace_open(w->folder, &error, &trace) != CT_OK)
		fail_msg("%s", error.text);
	return trace;
}

/* Reads thread `index` to its end: how many records, and the sum of their objects. */
static size_t read_all(struct ct_trace *trace, size_t index, uint64_t *out_sum)
{
	struct ct_stream *stream;
	struct ct_record record;
	size_t count = 0;

	*out_sum = 0;
	assert_int_equal(ct_stream_open(trace, index, &stream), CT_OK);
	while (ct_stream_next(stream, &record)) {
		count++;
		*out_sum += record.object;
	}
	ct_stream_close(stream);
	return count;
}

static void test_layouts_are_the_structs(void **state)
{
	static const struct {
		enum ct_layout_id layout;
		size_t fixed_size;
		bool varies;
	} cases[] = {
		{CT_LAYOUT_OBJ, sizeof(struct ct_payload_obj), false},
		{CT_LAYOUT_OBJ_ARG, sizeof(struct ct_payload_obj_arg), false},
		{CT_LAYOUT_BLOCK, sizeof(struct ct_payload_block), false},
		{CT_LAYOUT_FAIL, sizeof(struct ct_payload_fail), false},
		{CT_LAYOUT_HELD, sizeof(uint16_t), true},
		{CT_LAYOUT_START, sizeof(struct ct_payload_start), false},
		{CT_LAYOUT_RUSAGE, sizeof(struct ct_payload_rusage), false},
		{CT_LAYOUT_CPU, sizeof(struct ct_payload_cpu), false},
		{CT_LAYOUT_PROCESS, sizeof(struct ct_payload_process), true},
		{CT_LAYOUT_MODULE, sizeof(struct ct_payload_module), true},
		{CT_LAYOUT_STACK, sizeof(struct ct_payload_stack), true},
		{CT_LAYOUT_MAP, sizeof(struct ct_payload_map), false},
		{CT_LAYOUT_UNMAP, sizeof(struct ct_payload_unmap), false},
		{CT_LAYOUT_NAME, sizeof(struct ct_payload_name), true},
		{CT_LAYOUT_FD, sizeof(struct ct_payload_fd), false},
		{CT_LAYOUT_SEM_OPS, sizeof(struct ct_payload_sem_ops), true},
		{CT_LAYOUT_POLL, sizeof(struct ct_payload_poll), true},
		{CT_LAYOUT_FILE_LOCK, sizeof(struct ct_payload_file_lock), false},
		{CT_LAYOUT_ACCESSES, sizeof(uint16_t), true},
		{CT_LAYOUT_ATOMIC, sizeof(struct ct_payload_atomic), false},
		{CT_LAYOUT_CAUGHT, sizeof(struct ct_payload_caught), false},
		{CT_LAYOUT_TRAPS, sizeof(struct ct_payload_traps), false},
		{CT_LAYOUT_HANDLER, sizeof(struct ct_payload_handler), false},
		{CT_LAYOUT_SOCKET, sizeof(struct ct_payload_socket), true},
	};
	static const struct {
		uint32_t fixed_size, element_size;
	} rows[] = {
#define PAYLOAD(NAME, FIXED, ELEMENT, fields) {FIXED, ELEMENT},
#include "format/payloads.def"
#undef PAYLOAD
	};
	struct ct_layouts layouts;

	(void)state;
	ct_layouts_init(&layouts);
	for (size_t i = 0; i < CT_LAYOUT_COUNT; i++) {
		const struct ct_layout *layout = &layouts.of[i];
		unsigned last = layout->field_count;

		assert_int_equal(layout->fixed_size, rows[i].fixed_size);
		while (last > 0 && layout->fields[last - 1].kind != CT_FIELD_GROUP)
			last--;
		if (rows[i].element_size)
			assert_int_equal(layout->fields[last - 1].size, rows[i].element_size);
	}
	assert_int_equal(sizeof(cases) / sizeof(cases[0]), CT_LAYOUT_COUNT);
	for (size_t i = 0; i < CT_LAYOUT_COUNT; i++) {
		const struct ct_layout *layout = &layouts.of[cases[i].layout];

		assert_int_equal(layout->fixed_size, cases[i].fixed_size);
		assert_int_equal(layout->varies, cases[i].varies);
	}
	/* the group of HELD is one struct ct_held */
	assert_int_equal(layouts.of[CT_LAYOUT_HELD].fields[1].size, sizeof(struct ct_held));
	assert_int_equal(layouts.of[CT_LAYOUT_SEM_OPS].fields[2].size, sizeof(struct ct_sem_op));
	assert_int_equal(layouts.of[CT_LAYOUT_POLL].fields[3].size, sizeof(struct ct_polled));
	assert_int_equal(layouts.of[CT_LAYOUT_ACCESSES].fields[1].size,
			 sizeof(struct ct_access_entry));
}

/* What is known of a trace whose metadata has `environment` in its env block. */
static void read_environment(const char *environment, uint32_t *out_cpus, bool *out_misuse)
{
	static struct trace_writer w;
	char text[512];
	struct ct_trace *trace;

	tw_begin(&w);
	tw_process(&w, 1, 0, 100);
	tw_packet(&w, 1, 1, 0, 110);
	tw_obj(&w, 120, CT_EV_MUTEX_LOCK, 0, 7);
	tw_append(&w, "p1.t0");
	snprintf(text, sizeof(text),
		 "/* CTF 1.8 */ trace { uuid = \"a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf\"; };\n"
		 "env { tracer_name = \"conctrace\"; %s };\nclock { freq = 1000; };\n",
		 environment);
	tw_write(&w, "metadata", text, strlen(text));
	trace = open_trace(&w);
	assert_int_equal(trace->thread_count, 1);
	*out_cpus = trace->cpus;
	*out_misuse = ct_trace_tells_misuse(trace);
	ct_trace_free(trace);
	tw_end(&w);
}

/* How many processors it names. */
static uint32_t cpus_of(const char *environment)
{
	uint32_t cpus;
	bool misuse;

	read_environment(environment, &cpus, &misuse);
	return cpus;
}

static bool tells_misuse(const char *environment)
{
	uint32_t cpus;
	bool misuse;

	read_environment(environment, &cpus, &misuse);
	return misuse;
}

static void test_processors(void **state)
{
	(void)state;
	assert_int_equal(cpus_of("format = 5; cpus = 12;"), 12);
	assert_int_equal(cpus_of("format = 5; cpus = 0;"), 0);
	assert_int_equal(cpus_of("format = 4;"), 0);
	assert_int_equal(cpus_of("format = 5; cpus = many;"), 0);
	assert_int_equal(cpus_of("format = 5; cpus = 4294967298;"), 0);
}

/* Older formats do not say which threads are detached, and more. */
static void test_misuse(void **state)
{
	(void)state;
	assert_false(tells_misuse("format = 1;"));
	assert_false(tells_misuse("format = 5; cpus = 2;"));
	assert_true(tells_misuse("format = 6; cpus = 2;"));
}

static void test_event_info(void **state)
{
	(void)state;
	assert_string_equal(ct_event_info(CT_EV_MUTEX_LOCK)->name, "MUTEX_LOCK");
	assert_string_equal(ct_event_info(CT_EV_MUTEX_LOCK)->api, "pthread_mutex_lock");
	assert_string_equal(ct_event_info(CT_EV_MUTEX_LOCK)->family, "MUTEX");
	assert_int_equal(ct_event_info(CT_EV_RWLOCK_RDLOCK)->effect, CT_EFFECT_ACQUIRE_SHARED);
	assert_null(ct_event_info(0));
	assert_null(ct_event_info(199));
	assert_null(ct_event_info(UINT16_MAX));
}

static void test_definitions(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	const struct ct_trace_stack *stack;
	struct ct_payload_map map = {1500, 0x7000, 4096, 8, 9, 64};
	struct ct_payload_name name = {1600, 0x404040};
	struct ct_payload_fd fd = {5, 2, 4242};
	struct ct_payload_process exec = {.time = 1700, .pid = 1001, .process = 1, .image = 1};

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_process(&w, 2, 1, 5000);
	tw_packet(&w, 1, 0, 0, 1000);
	tw_define(&w, CT_DEF_MAP, &map, sizeof(map), NULL, 0);
	tw_define(&w, CT_DEF_UNMAP, &map, sizeof(struct ct_payload_unmap), NULL, 0);
	tw_define(&w, CT_DEF_OBJECT_NAME, &name, sizeof(name), "/sem", 5);
	tw_define(&w, CT_DEF_PROCESS, &exec, sizeof(exec), "other", 6);
	tw_define(&w, CT_DEF_FD, &fd, sizeof(fd), NULL, 0);
	tw_append(&w, "p1.defs");
	trace = open_trace(&w);
	assert_int_equal(trace->problem_count, 0);
	assert_int_equal(trace->begin, 1000);
	assert_int_equal(trace->frequency, 1000000000);
	assert_false(trace->accesses);
	assert_int_equal(trace->process_count, 2);
	assert_int_equal(trace->processes[0].images, 2);
	assert_int_equal(trace->processes[0].time, 1000);
	assert_string_equal(trace->processes[0].command, "other");
	assert_int_equal(trace->processes[1].parent, 1);
	assert_int_equal(trace->processes[1].pid, 1002);
	assert_int_equal(trace->processes[1].creator, 1);
	assert_string_equal(trace->processes[1].command, "prog arg");
	assert_int_equal(trace->module_count, 2);
	assert_string_equal(trace->modules[0].path, "/usr/bin/prog");
	assert_memory_equal(trace->modules[0].build_id, "\x12\x34\xab\xcd", 4);
	assert_int_equal(trace->map_count, 2);
	assert_false(trace->maps[0].unmap);
	assert_int_equal(trace->maps[0].offset, 64);
	assert_true(trace->maps[1].unmap);
	assert_int_equal(trace->maps[1].inode, 0);
	assert_int_equal(trace->name_count, 1);
	assert_string_equal(trace->names[0].name, "/sem");
	assert_int_equal(trace->fd_count, 1);
	assert_int_equal(trace->fds[0].image, 1);
	stack = ct_trace_stack(trace, 1, 1);
	assert_non_null(stack);
	assert_int_equal(stack->depth, 2);
	assert_int_equal(stack->frames[1], 0x401200);
	assert_int_equal(stack->modules, 1);
	assert_null(ct_trace_stack(trace, 1, 2));
	assert_null(ct_trace_stack(trace, 3, 1));
	ct_trace_free(trace);
	tw_end(&w);
}

/* Threads hand one lane on; one thread's packets are found again. */
static void test_threads_of_a_lane(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	uint64_t sum;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	for (uint64_t i = 0; i < 6; i++) {
		tw_packet(&w, 1, i % 3 ? 2 : 7, i, 2000 + i * 100);
		for (uint64_t n = 0; n < 1000; n++)
			tw_obj(&w, 2000 + i * 100 + n / 10, CT_EV_MUTEX_LOCK, 0, i + 1);
		tw_head(&w)->context.events_discarded = i * 2;
		tw_append(&w, "p1.t0");
	}
	trace = open_trace(&w);
	assert_int_equal(trace->problem_count, 0);
	assert_int_equal(trace->thread_count, 2);
	assert_int_equal(trace->threads[0].thread, 2);
	assert_int_equal(trace->threads[0].tid, 1002);
	assert_int_equal(trace->threads[0].discarded, 8);
	assert_int_equal(trace->threads[1].thread, 7);
	assert_int_equal(trace->threads[1].discarded, 2);
	assert_false(trace->threads[0].live);
	/* and where records are lost, one that tells it: no lock is held, unless the packet says so
	 */
	assert_int_equal(read_all(trace, 0, &sum), 4000 + 4);
	assert_int_equal(sum, 1000 * (2 + 3 + 5 + 6));
	assert_int_equal(read_all(trace, 1, &sum), 2000 + 1);
	assert_int_equal(sum, 1000 * (1 + 4));
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_fields_of_records(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	struct ct_stream *stream;
	struct ct_record record;
	struct ct_payload_fail fail = {0x1234, 16, CT_EV_MUTEX_TRYLOCK};
	struct ct_payload_start start = {2, 0x7f00, 0x1000, 0x2000, 1};
	struct {
		uint16_t count;
		struct ct_held held[2];
	} __attribute__((packed))
	held = {2, {{0xa, 1, 1, CT_EV_MUTEX_LOCK, 1}, {0xb, 2, 1, CT_EV_MUTEX_LOCK, 3}}};

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 1, 0, 2000);
	tw_record(&w, 2000, CT_EV_HELD_SET, 0, 0, &held, sizeof(held));
	tw_record(&w, 2001, CT_EV_FAIL, 0, 9, &fail, sizeof(fail));
	tw_record(&w, 2002, CT_EV_THREAD_START, 0, 0, &start, sizeof(start));
	tw_obj_arg(&w, 2003, CT_EV_COND_WAIT, CT_F_REQUEST | CT_F_TIMED, 0xc, 0xd);
	tw_append(&w, "p1.t3");
	trace = open_trace(&w);
	assert_int_equal(ct_stream_open(trace, 0, &stream), CT_OK);
	assert_true(ct_stream_next(stream, &record));
	assert_int_equal(record.event, CT_EV_HELD_SET);
	assert_int_equal(record.object, 2);
	assert_int_equal(record.arg, 0);
	assert_int_equal(record.payload_size, sizeof(held));
	assert_memory_equal(record.payload, &held, sizeof(held));
	assert_true(ct_stream_next(stream, &record));
	assert_int_equal(record.object, 0x1234);
	assert_int_equal(record.arg, 16);
	assert_int_equal(record.stack, 9);
	assert_true(ct_stream_next(stream, &record));
	assert_int_equal(record.object, 2);
	assert_int_equal(record.arg, 0x7f00);
	assert_true(ct_stream_next(stream, &record));
	assert_int_equal(record.time, 2003);
	assert_int_equal(record.flags, CT_F_REQUEST | CT_F_TIMED);
	assert_int_equal(record.arg, 0xd);
	assert_false(ct_stream_next(stream, &record));
	ct_stream_close(stream);
	assert_int_equal(ct_stream_open(trace, 1, &stream), CT_EUSAGE);
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_staging_packets(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	uint64_t sum;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 1, 0, 2000); /* lane 0: one packet appended, the next one staged */
	tw_obj(&w, 2000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_append(&w, "p1.t0");
	tw_packet(&w, 1, 1, 1, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 2);
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 1001);
	tw_packet(&w, 1, 2, 0, 3000); /* lane 1: a copy of what was appended */
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 4);
	tw_live(&w, "p1.t1", CT_LIVE_FREE, 1001);
	tw_append(&w, "p1.t1");
	tw_packet(&w, 1, 3, 0, 3000); /* lane 2: a part of it was appended */
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 8);
	tw_append(&w, "p1.t2");
	tw_obj(&w, 3001, CT_EV_MUTEX_UNLOCK, 0, 16);
	tw_live(&w, "p1.t2", CT_LIVE_RUNNING, 1001);
	tw_packet(&w, 1, 4, 0, 3000); /* lane 3: nothing was appended, nothing is there yet */
	tw_live(&w, "p1.t3", CT_LIVE_RUNNING, 1001);
	trace = open_trace(&w);
	assert_int_equal(trace->problem_count, 0);
	assert_int_equal(trace->thread_count, 4);
	assert_int_equal(read_all(trace, 0, &sum), 2);
	assert_int_equal(sum, 1 + 2);
	assert_true(trace->threads[0].live);
	assert_int_equal(read_all(trace, 1, &sum), 1);
	assert_int_equal(sum, 4);
	assert_false(trace->threads[1].live);
	assert_int_equal(read_all(trace, 2, &sum), 2);
	assert_int_equal(sum, 8 + 16);
	assert_true(trace->threads[2].live);
	assert_int_equal(read_all(trace, 3, &sum), 0);
	assert_true(trace->threads[3].live);
	ct_trace_free(trace);
	tw_end(&w);
}

/* The lane was copied, then its packet was appended, and one more: the stream file knows better. */
static void test_staging_copy_that_is_old(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	uint64_t sum;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 1, 0, 2000);
	tw_obj(&w, 2000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 1001);
	tw_append(&w, "p1.t0");
	tw_packet(&w, 1, 1, 1, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 2);
	tw_append(&w, "p1.t0");
	trace = open_trace(&w);
	assert_int_equal(trace->problem_count, 0);
	assert_int_equal(read_all(trace, 0, &sum), 2);
	assert_int_equal(sum, 1 + 2);
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_process_that_ended(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	struct ct_payload_rusage usage = {.object = 3};

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_process(&w, 2, 1, 1000);
	tw_packet(&w, 1, 1, 0, 2000);
	tw_record(&w, 2000, CT_EV_PROCESS_EXIT, 0, 0, &usage, sizeof(usage));
	tw_append(&w, "p1.t0");
	tw_packet(&w, 2, 1, 0, 2000);
	tw_obj(&w, 2000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_append(&w, "p2.t0");
	trace = open_trace(&w);
	assert_true(trace->processes[0].ended);
	assert_false(trace->processes[1].ended);
	ct_trace_free(trace);
	tw_end(&w);
}

/* Larger than any buffer, and longer records than a buffer. */
static void test_large_definitions(void **state)
{
	static uint64_t frames[20000];
	struct trace_writer w;
	struct ct_trace *trace;
	const struct ct_trace_stack *stack;
	struct ct_payload_stack p = {.stack = 7, .depth = 20000};

	(void)state;
	for (size_t i = 0; i < 20000; i++)
		frames[i] = i * 3;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 0, 0, 1000);
	tw_define(&w, CT_DEF_STACK, &p, sizeof(p), frames, sizeof(frames));
	tw_append(&w, "p1.defs");
	for (uint32_t i = 0; i < 2000; i++) {
		p = (struct ct_payload_stack){.stack = 100 + i, .depth = 2};
		frames[0] = i;
		tw_packet(&w, 1, 0, 0, 1000);
		tw_define(&w, CT_DEF_STACK, &p, sizeof(p), frames, 16);
		tw_append(&w, "p1.defs");
	}
	trace = open_trace(&w);
	assert_int_equal(trace->problem_count, 0);
	stack = ct_trace_stack(trace, 1, 7);
	assert_non_null(stack);
	assert_int_equal(stack->depth, 20000);
	assert_int_equal(stack->frames[19999], 19999 * 3);
	assert_int_equal(ct_trace_stack(trace, 1, 2099)->frames[0], 1999);
	ct_trace_free(trace);
	tw_end(&w);
}

struct dump {
	struct ct_trace *trace;
	struct ct_text text;
	unsigned left; /* events to take before stopping */
};

static enum ct_status dump_event(void *state, const struct ct_event *event)
{
	struct dump *dump = state;

	ct_event_format(&dump->text, dump->trace, event);
	ct_text_addc(&dump->text, '\n');
	return --dump->left ? CT_OK : CT_EINTR;
}

/* At the same time a definition comes before the event of a thread, also of a lower process. */
static void test_definitions_come_first(void **state)
{
	struct trace_writer w;
	struct dump dump = {.left = 4};

	(void)state;
	tw_begin(&w);
	tw_packet(&w, 1, 1, 0, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_append(&w, "p1.t0");
	tw_process(&w, 2, 0, 3000);
	dump.trace = open_trace(&w);
	assert_int_equal(ct_trace_each_event(dump.trace, dump_event, &dump), CT_EINTR);
	assert_memory_equal(ct_text_str(&dump.text), "[0.000000000] p2 process ", 25);
	assert_non_null(strstr(ct_text_str(&dump.text), "object=0x1 stack=1\n"));
	ct_text_fini(&dump.text);
	ct_trace_free(dump.trace);
	tw_end(&w);
}

static void test_all_events_in_order_of_time(void **state)
{
	struct trace_writer w;
	struct dump dump = {.left = 100};
	struct ct_payload_fail fail = {0x10, 16, CT_EV_MUTEX_TRYLOCK};
	struct {
		uint16_t count;
		struct ct_held held;
	} __attribute__((packed)) held = {1, {0xab, 2000, 1, CT_EV_MUTEX_LOCK, 1}};

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 1, 0, 1000);
	tw_record(&w, 3000, CT_EV_HELD_SET, 0, 0, &held, sizeof(held));
	tw_obj(&w, 1000003000, CT_EV_MUTEX_UNLOCK, CT_F_BLOCKED | CT_F_OWNER_DEAD, 0xab);
	tw_append(&w, "p1.t0");
	tw_packet(&w, 1, 2, 0, 1000);
	tw_record(&w, 2000, CT_EV_FAIL, 0, 0, &fail, sizeof(fail));
	tw_obj_arg(&w, 3000, CT_EV_READ, CT_F_TAKEN, 0x20, 5);
	tw_append(&w, "p1.t1");
	dump.trace = open_trace(&w);
	assert_int_equal(ct_trace_each_event(dump.trace, dump_event, &dump), CT_OK);
	assert_string_equal(
		ct_text_str(&dump.text),
		"[0.000000000] p1 process time=1000 pid=1001 parent_pid=1 process=1 parent=0 "
		"image=0 creator=0 command=prog arg\n"
		"[0.000000000] p1 module time=1000 start=0x400000 end=0x500000 bias=0x0 "
		"build_id=1234abcd path=/usr/bin/prog\n"
		"[0.000000000] p1 stack stack=1 frames=[0x401136 0x401200]\n"
		"[0.000001000] p1:T2 failed object=0x10 error=16 call=pthread_mutex_trylock\n"
		"[0.000002000] p1:T1 held_set held=[{object=0xab since=2000 stack=1 "
		"event=pthread_mutex_lock depth=1}]\n"
		"[0.000002000] p1:T2 read object=0x20 arg=0x5 stack=1 flags=taken\n"
		"[1.000002000] p1:T1 pthread_mutex_unlock object=0xab stack=1 "
		"flags=blocked,owner_dead\n");
	dump.left = 2; /* the visitor stops it */
	assert_int_equal(ct_trace_each_event(dump.trace, dump_event, &dump), CT_EINTR);
	ct_text_fini(&dump.text);
	ct_trace_free(dump.trace);
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts_are_the_structs),
		cmocka_unit_test(test_processors),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_event_info),
		cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_threads_of_a_lane),
		cmocka_unit_test(test_fields_of_records),
		cmocka_unit_test(test_staging_packets),
		cmocka_unit_test(test_staging_copy_that_is_old),
		cmocka_unit_test(test_process_that_ended),
		cmocka_unit_test(test_large_definitions),
		cmocka_unit_test(test_definitions_come_first),
		cmocka_unit_test(test_all_events_in_order_of_time),
	};

	return cmocka_run_group_tests_name("reader_ctf", tests, NULL, NULL);
}
