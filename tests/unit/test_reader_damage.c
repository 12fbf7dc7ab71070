/* Damaged and foreign traces: what is lost is named, all the rest is read, nothing crashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader/dump.h"
#include "reader/reader.h"
#include "trace_writer.h"

#define RECORD (sizeof(struct ct_record_head) + sizeof(struct ct_payload_obj))
#define PACKET (sizeof(struct ct_packet) + 10 * RECORD) /* of make_trace() */

static enum ct_status ignore_event(void *state, const struct ct_event *event)
{
	(void)event;
	(*(size_t *)state)++;
	return CT_OK;
}

/* One process, one thread, three packets of ten records; object is the packet's number. */
static void make_trace(struct trace_writer *w)
{
	tw_begin(w);
	tw_process(w, 1, 0, 1000);
	for (uint64_t i = 0; i < 3; i++) {
		tw_packet(w, 1, 1, i, 2000 + i * 100);
		for (uint64_t n = 0; n < 10; n++)
			tw_obj(w, 2000 + i * 100 + n, CT_EV_MUTEX_LOCK, 0, i + 1);
		tw_append(w, "p1.t0");
	}
}

/* Opens, reads all twice, and gives back how many records each of three packets yielded. */
static struct ct_trace *read_trace(const struct trace_writer *w, size_t counts[3])
{
	struct ct_trace *trace = NULL;
	struct ct_error error;
	size_t events = 0, problems;

	memset(counts, 0, 3 * sizeof(*counts));
	if (ct_trace_open(w->folder, &error, &trace) != CT_OK)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < trace->thread_count; i++) {
		struct ct_stream *stream;
		struct ct_record record;

		assert_int_equal(ct_stream_open(trace, i, &stream), CT_OK);
		while (ct_stream_next(stream, &record))
			counts[(record.object - 1) % 3]++;
		ct_stream_close(stream);
	}
	problems = trace->problem_count;
	assert_int_equal(ct_trace_each_event(trace, ignore_event, &events), CT_OK);
	assert_true(events >= counts[0] + counts[1] + counts[2]);
	assert_int_equal(trace->problem_count, problems); /* told once */
	return trace;
}

static void expect(const struct trace_writer *w, size_t first, size_t second, size_t third,
		   const char *problem)
{
	size_t counts[3];
	struct ct_trace *trace = read_trace(w, counts);
	size_t found = 0;

	for (size_t i = 0; problem && i < trace->problem_count; i++)
		found += strncmp(trace->problems[i], problem, strlen(problem)) == 0;
	if ((problem && found != 1) || (!problem && trace->problem_count))
		fail_msg("\"%s\" is not \"%s\"",
			 trace->problem_count ? trace->problems[0] : "no problem",
			 problem ? problem : "no problem");
	assert_int_equal(counts[0], first);
	assert_int_equal(counts[1], second);
	assert_int_equal(counts[2], third);
	ct_trace_free(trace);
}

static void test_the_trace_is_good_before(void **state)
{
	struct trace_writer w;

	(void)state;
	make_trace(&w);
	assert_int_equal(tw_size(&w, "p1.t0"), 3 * PACKET);
	expect(&w, 10, 10, 10, NULL);
	tw_end(&w);
}

static void test_torn_tails(void **state)
{
	struct trace_writer w;
	char problem[80];

	(void)state;
	make_trace(&w);
	for (uint64_t size = 3 * PACKET - 1; size >= 2 * PACKET; size--) {
		uint64_t rest = size - 2 * PACKET;
		size_t whole = rest < sizeof(struct ct_packet)
				       ? 0
				       : (rest - sizeof(struct ct_packet)) / RECORD;

		tw_truncate(&w, "p1.t0", size);
		snprintf(problem, sizeof(problem), "p1.t0: byte %zu: ", (size_t)(2 * PACKET));
		expect(&w, 10, 10, whole, rest ? problem : NULL);
	}
	tw_end(&w);
}

static void test_zero_tail_and_garbage(void **state)
{
	struct trace_writer w;

	(void)state;
	make_trace(&w);
	tw_truncate(&w, "p1.t0", 3 * PACKET + 5000);
	expect(&w, 10, 10, 10, "p1.t0: byte 984: no packet begins here (wrong magic number)");
	tw_end(&w);
}

/* Changes `size` bytes at an offset of the second packet, looks, and undoes it. */
static void flip(struct trace_writer *w, size_t offset, uint64_t value, size_t size, size_t second,
		 const char *problem)
{
	struct trace_writer fresh;

	make_trace(w);
	tw_poke(w, "p1.t0", PACKET + offset, &value, size);
	expect(w, 10, second, 10, problem);
	fresh = *w;
	tw_end(&fresh);
}

static void test_damaged_headers(void **state)
{
	const size_t content = offsetof(struct ct_packet, context.content_size);
	const size_t packet = offsetof(struct ct_packet, context.packet_size);
	struct trace_writer w;

	(void)state;
	flip(&w, offsetof(struct ct_packet, header.magic), 0, 4, 0, "p1.t0: byte 328: no packet");
	flip(&w, offsetof(struct ct_packet, header.uuid), 0, 1, 0,
	     "p1.t0: byte 328: a packet of another trace");
	flip(&w, offsetof(struct ct_packet, header.stream_id), 1, 4, 0,
	     "p1.t0: byte 328: a packet of another stream");
	flip(&w, offsetof(struct ct_packet, context.process), 9, 4, 0,
	     "p1.t0: byte 328: a packet of another process");
	flip(&w, offsetof(struct ct_packet, context.thread), 0, 4, 0,
	     "p1.t0: byte 328: a packet of an impossible thread");
	flip(&w, content, 0, 8, 0, "p1.t0: byte 328: the packet's content is smaller");
	flip(&w, content, UINT64_MAX - 7, 8, 0, "p1.t0: byte 328: the packet's content is larger");
	flip(&w, content, 8 * PACKET - 3, 8, 0, "p1.t0: byte 328: the packet's size is no number");
	flip(&w, content, 8 * (PACKET - 1), 8, 9, "p1.t0: byte 632: the last record is torn");
	flip(&w, packet, UINT64_MAX - 7, 8, 10, "p1.t0: byte 328: the packet is cut off");
	flip(&w, packet, 8 * (PACKET + 40), 8, 10, "p1.t0: byte 328: the packet is cut off");
	flip(&w, offsetof(struct ct_packet, context.packet_seq_num), 7, 8, 10,
	     "p1.t0: byte 328: packets 1 to 6 are missing");
	flip(&w, offsetof(struct ct_packet, context.packet_seq_num), 7, 8, 10,
	     "p1.t0: byte 656: packet 2 stands where packet 8 should");
}

static void test_damaged_records(void **state)
{
	const size_t record = sizeof(struct ct_packet) + 4 * RECORD;
	struct trace_writer w;

	(void)state;
	flip(&w, record + offsetof(struct ct_event_header, id), 0xffff, 2, 4,
	     "p1.t0: byte 512: no event has this id");
	/* another event, of another length: what follows makes no sense */
	flip(&w, record + offsetof(struct ct_event_header, id), CT_EV_HELD_SET, 2, 5,
	     "p1.t0: byte 578: no event has this id");
}

static void test_absurd_count(void **state)
{
	struct trace_writer w;
	uint16_t count = UINT16_MAX;

	(void)state;
	make_trace(&w);
	tw_packet(&w, 1, 1, 3, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_record(&w, 3001, CT_EV_HELD_SET, 0, 0, &count, sizeof(count));
	tw_append(&w, "p1.t0");
	expect(&w, 11, 10, 10, "p1.t0: byte 1096: the last record is torn; 18 bytes");
	tw_end(&w);
}

static void test_missing_and_doubled_packets(void **state)
{
	struct trace_writer w;

	(void)state;
	make_trace(&w);
	tw_append(&w, "p1.t0"); /* packet 2 again */
	expect(&w, 10, 10, 10, "p1.t0: byte 984: packet 2 stands here again");
	tw_packet(&w, 1, 1, 5, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_append(&w, "p1.t0");
	expect(&w, 11, 10, 10, "p1.t0: byte 1312: packets 3 to 4 are missing");
	tw_end(&w);
}

static void test_damaged_definitions(void **state)
{
	static const uint8_t no_end[] = {'x', 'y', 'z'};
	struct trace_writer w;
	struct ct_payload_name name = {1000, 0x40};
	struct ct_payload_stack stack = {5, UINT16_MAX};
	size_t counts[3];
	struct ct_trace *trace;

	(void)state;
	make_trace(&w);
	tw_packet(&w, 1, 0, 0, 1000);
	tw_define(&w, CT_DEF_OBJECT_NAME, &name, sizeof(name), no_end, sizeof(no_end));
	tw_append(&w, "p1.defs");
	tw_packet(&w, 1, 0, 0, 1000);
	tw_define(&w, CT_DEF_STACK, &stack, sizeof(stack), NULL, 0);
	tw_append(&w, "p1.defs");
	tw_packet(&w, 1, 0, 0, 1000);
	tw_define(&w, CT_DEF_THREAD_NAME, &name, sizeof(name), "good", 5);
	tw_append(&w, "p1.defs");
	trace = read_trace(&w, counts);
	assert_int_equal(trace->problem_count, 2);
	assert_non_null(strstr(trace->problems[0], "the last record is torn; 29 bytes"));
	assert_int_equal(trace->name_count, 1);
	assert_string_equal(trace->names[0].name, "good");
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_missing_definitions(void **state)
{
	struct trace_writer w;
	size_t counts[3];
	struct ct_trace *trace;

	(void)state;
	make_trace(&w);
	tw_packet(&w, 4, 1, 0, 900);
	tw_obj(&w, 900, CT_EV_MUTEX_LOCK, 0, 1);
	tw_append(&w, "p4.t0");
	trace = read_trace(&w, counts);
	assert_int_equal(counts[0], 11);
	assert_int_equal(trace->problem_count, 1);
	assert_string_equal(trace->problems[0],
			    "p4.defs: byte 0: the definitions of process 4 are missing");
	assert_int_equal(trace->process_count, 2);
	assert_int_equal(trace->processes[1].pid, 1004);
	assert_string_equal(trace->processes[1].command, "");
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_damaged_staging(void **state)
{
	static const uint8_t zeros[sizeof(struct ct_packet)];
	const uint32_t wrong = 99;
	struct trace_writer w;

	(void)state;
	make_trace(&w);
	tw_packet(&w, 1, 1, 3, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 1001);
	expect(&w, 11, 10, 10, NULL);
	tw_truncate(&w, ".live/p1.t0", CT_LIVE_SIZE + 92);
	expect(&w, 10, 10, 10, ".live/p1.t0: byte 4096: the packet is cut off");
	tw_truncate(&w, ".live/p1.t0", 100);
	expect(&w, 10, 10, 10, ".live/p1.t0: byte 0: the live page is cut off");
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 1001);
	tw_poke(&w, ".live/p1.t0", offsetof(struct ct_live, version), &wrong, 4);
	expect(&w, 10, 10, 10, ".live/p1.t0: byte 0: a live page of another version");
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 1001);
	tw_poke(&w, ".live/p1.t0", CT_LIVE_SIZE, &wrong, 4);
	expect(&w, 10, 10, 10, ".live/p1.t0: byte 4096: no packet begins here");
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 1001);
	tw_poke(&w, ".live/p1.t0", CT_LIVE_SIZE, zeros, sizeof(zeros)); /* not begun yet */
	expect(&w, 10, 10, 10, NULL);
	tw_poke(&w, ".live/p1.t0", 0, zeros, 4); /* nor the page */
	expect(&w, 10, 10, 10, NULL);
	tw_truncate(&w, ".live/p1.t0", 0); /* the file was just made */
	expect(&w, 10, 10, 10, NULL);
	tw_end(&w);
}

/* A process that lives (this one) is just appending: what is not whole yet is no damage, and stands
 * in `.live/` as well. */
static void test_packet_being_appended(void **state)
{
	struct trace_writer w;

	(void)state;
	for (uint64_t size = 3 * PACKET + 1; size < 4 * PACKET; size += 20) {
		make_trace(&w);
		tw_packet(&w, 1, 1, 3, 3000);
		for (unsigned i = 0; i < 10; i++)
			tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 1);
		tw_live(&w, "p1.t0", CT_LIVE_RUNNING, (uint32_t)getpid());
		tw_append(&w, "p1.t0");
		tw_truncate(&w, "p1.t0", size);
		expect(&w, 20, 10, 10, NULL);
		tw_end(&w);
	}
}

static void test_odd_files(void **state)
{
	struct trace_writer w;
	char path[128];

	(void)state;
	make_trace(&w);
	tw_write(&w, "notes.txt", "x", 1);
	tw_write(&w, "p0.t0", "x", 1);
	tw_write(&w, "p1.t9999999999", "x", 1);
	tw_write(&w, ".p1.t0", "x", 1); /* its plain twin exists */
	expect(&w, 10, 10, 10, NULL);
	snprintf(path, sizeof(path), "%s/p1.t5", w.folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(&w, 10, 10, 10, "p1.t5: byte 0: it cannot be read");
	tw_end(&w);
}

/* The process was killed between writing its first packet and renaming the file. */
static void test_born_and_never_renamed(void **state)
{
	struct trace_writer w;

	(void)state;
	make_trace(&w);
	tw_packet(&w, 1, 2, 0, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_append(&w, ".p1.t1");
	expect(&w, 11, 10, 10, NULL);
	tw_end(&w);
}

static void test_file_cut_while_reading(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace = NULL;
	struct ct_stream *stream;
	struct ct_record record;
	struct ct_error error;
	size_t count = 0;

	(void)state;
	make_trace(&w);
	assert_int_equal(ct_trace_open(w.folder, &error, &trace), CT_OK);
	assert_int_equal(ct_stream_open(trace, 0, &stream), CT_OK);
	tw_truncate(&w, "p1.t0", PACKET + 150);
	while (ct_stream_next(stream, &record))
		count++;
	assert_int_equal(count, 12);
	assert_int_equal(trace->problem_count, 2);
	assert_non_null(strstr(trace->problems[0], "the file ends here, though it was longer"));
	ct_stream_close(stream);
	ct_trace_free(trace);
	tw_end(&w);
}

/* A file with a hole of a terabyte that claims to be one packet costs no memory. */
static void test_absurd_size(void **state)
{
	const uint64_t terabyte = 1ull << 40, bits = terabyte * 8;
	struct trace_writer w;

	(void)state;
	make_trace(&w);
	tw_truncate(&w, "p1.t0", terabyte);
	tw_poke(&w, "p1.t0", offsetof(struct ct_packet, context.content_size), &bits, 8);
	tw_poke(&w, "p1.t0", offsetof(struct ct_packet, context.packet_size), &bits, 8);
	expect(&w, 10, 0, 0, "p1.t0: byte 328: no event has this id");
	tw_end(&w);
}

static void test_many_problems_are_not_all_listed(void **state)
{
	struct trace_writer w;
	size_t counts[3];
	struct ct_trace *trace;

	(void)state;
	make_trace(&w);
	for (uint64_t i = 0; i < 1200; i++) {
		tw_packet(&w, 1, 1, 10 + i * 2, 3000);
		tw_append(&w, "p1.t0");
	}
	trace = read_trace(&w, counts);
	assert_int_equal(trace->problem_count, 1001);
	assert_non_null(strstr(trace->problems[1000], "more problems not listed"));
	ct_trace_free(trace);
	tw_end(&w);
}

static void refuse(const char *path, enum ct_status status, const char *why)
{
	struct ct_trace *trace = (struct ct_trace *)1;
	struct ct_error error = {0};

	assert_int_equal(ct_trace_open(path, &error, &trace), status);
	assert_ptr_equal(trace, (struct ct_trace *)1);
	assert_int_equal(error.status, status);
	assert_non_null(strstr(error.text, path));
	if (!strstr(error.text, why))
		fail_msg("\"%s\" does not say \"%s\"", error.text, why);
}

static void refuse_metadata(struct trace_writer *w, const char *text, enum ct_status status,
			    const char *why)
{
	tw_write(w, "metadata", text, strlen(text));
	refuse(w->folder, status, why);
}

static void test_foreign_folders(void **state)
{
	static const char good[] = "trace { uuid = \"a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf\"; };\n";
	struct trace_writer w;
	char text[512], path[128];

	(void)state;
	refuse("/nonexistent/trace", CT_ENOTFOUND, "No such file");
	tw_begin(&w);
	refuse(w.folder, CT_EFORMAT, "nothing was recorded");
	tw_write(&w, "p1.t0", "garbage", 7);
	refuse(w.folder, CT_EFORMAT, "nothing in this trace can be read (p1.t0: byte 0: ");
	refuse_metadata(&w, "", CT_EFORMAT, "not a trace of conctrace");
	refuse_metadata(&w, "\xc1\x1f\xfc\xc1", CT_EFORMAT, "not a trace of conctrace");
	refuse_metadata(&w, "/* CTF 1.8 */ env { tracer_name = \"lttng-modules\"; };", CT_EFORMAT,
			"lttng-modules");
	refuse_metadata(&w, "/* CTF 1.8 */ env { tracer_name = \"conctrace\"; };", CT_EFORMAT,
			"names no format version");
	refuse_metadata(&w, "/* CTF 1.8 */ env { tracer_name = \"conctrace\"; format = 77; };",
			CT_EVERSION, "written in format 77");
	refuse_metadata(&w, "/* CTF 1.8 */ env { tracer_name = \"conctrace\"; format = 0; };",
			CT_EVERSION, "reads formats 1 to");
	refuse_metadata(&w, "/* CTF 1.8 */ env { tracer_name = \"conctrace\"; format = 8; };",
			CT_EVERSION, "reads formats 1 to 7");
	refuse_metadata(&w, "/* CTF 1.8 */ env { tracer_name = \"conctrace\"; format = 2; };",
			CT_EFORMAT, "no uuid");
	refuse_metadata(&w, "/* CTF 1.8 */ env { tracer_name = \"conctrace\"; format = 1; };",
			CT_EFORMAT, "no uuid");
	snprintf(text, sizeof(text), "/* CTF 1.8 */ %s%s", good,
		 "env { tracer_name = \"conctrace\"; format = 1; };");
	refuse_metadata(&w, text, CT_EFORMAT, "no clock frequency");
	snprintf(text, sizeof(text), "/* CTF 1.8 */ %s%s", good,
		 "env { tracer_name = \"conctrace\"; format = 1; }; clock { freq = 0; };");
	refuse_metadata(&w, text, CT_EFORMAT, "no clock frequency");
	snprintf(path, sizeof(path), "%s/metadata", w.folder);
	assert_int_equal(unlink(path), 0);
	refuse(w.folder, CT_EFORMAT, "no file \"metadata\"");
	snprintf(path, sizeof(path), "%s/p1.t0", w.folder);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/" CT_LIVE_DIR, w.folder);
	assert_int_equal(rmdir(path), 0);
	refuse(w.folder, CT_EFORMAT, "the folder is empty");
	tw_end(&w);
}

/* Every single byte of a small trace, changed in three ways: no crash, no hang. */
static void test_every_byte(void **state)
{
	static const char *const files[] = {"p1.t0", "p1.defs", ".live/p1.t0", "metadata"};
	static const uint8_t changes[] = {0x00, 0xff, 0x41};
	struct trace_writer w;

	(void)state;
	make_trace(&w);
	tw_packet(&w, 1, 1, 3, 3000);
	tw_obj(&w, 3000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_live(&w, "p1.t0", CT_LIVE_RUNNING, 1001);
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
		uint8_t bytes[8192] = {0};
		char path[128];
		size_t size;
		FILE *file;

		snprintf(path, sizeof(path), "%s/%s", w.folder, files[f]);
		file = fopen(path, "rb");
		assert_non_null(file);
		size = fread(bytes, 1, f == 3 ? 1100 : sizeof(bytes), file);
		fclose(file);
		for (size_t at = f == 2 ? 4096 - 8 : 0; at < size && at < 4300; at++) {
			struct ct_trace *trace = NULL;
			struct ct_error error;
			size_t events = 0;

			tw_poke(&w, files[f], at, &changes[at % 3], 1);
			if (ct_trace_open(w.folder, &error, &trace) == CT_OK) {
				assert_int_equal(ct_trace_each_event(trace, ignore_event, &events),
						 CT_OK);
				if (events < 20 && f != 3) /* another uuid */
					fail_msg("%s, byte %zu: %zu events", files[f], at, events);
			}
			ct_trace_free(trace);
			tw_poke(&w, files[f], at, &bytes[at], 1);
		}
	}
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_trace_is_good_before),
		cmocka_unit_test(test_torn_tails),
		cmocka_unit_test(test_zero_tail_and_garbage),
		cmocka_unit_test(test_damaged_headers),
		cmocka_unit_test(test_damaged_records),
		cmocka_unit_test(test_absurd_count),
		cmocka_unit_test(test_missing_and_doubled_packets),
		cmocka_unit_test(test_damaged_definitions),
		cmocka_unit_test(test_missing_definitions),
		cmocka_unit_test(test_damaged_staging),
		cmocka_unit_test(test_packet_being_appended),
		cmocka_unit_test(test_odd_files),
		cmocka_unit_test(test_born_and_never_renamed),
		cmocka_unit_test(test_file_cut_while_reading),
		cmocka_unit_test(test_absurd_size),
		cmocka_unit_test(test_many_problems_are_not_all_listed),
		cmocka_unit_test(test_foreign_folders),
		cmocka_unit_test(test_every_byte),
	};

	return cmocka_run_group_tests_name("reader_damage", tests, NULL, NULL);
}
