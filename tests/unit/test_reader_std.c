/* The text notation: what each operation becomes, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "reader/dump.h"
#include "reader/reader.h"

#define RECORDS_MAX 64

struct fixture {
	char path[64];
	struct ct_trace *trace;
	struct ct_error error;
	enum ct_status status;
	struct ct_record records[RECORDS_MAX]; /* of all threads, by time - 1; payload is gone */
	uint8_t payloads[RECORDS_MAX][16];
	uint32_t threads[RECORDS_MAX];
	size_t count;
};

static void write_bytes(struct fixture *f, const char *bytes, size_t size)
{
	FILE *file;
	int fd;

	snprintf(f->path, sizeof(f->path), "/tmp/ctstd.XXXXXX");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	file = fdopen(fd, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void read_thread(struct fixture *f, size_t thread)
{
	struct ct_stream *stream;
	struct ct_record record;

	assert_int_equal(ct_stream_open(f->trace, thread, &stream), CT_OK);
	while (ct_stream_next(stream, &record)) {
		size_t at = (size_t)record.time - 1;

		assert_true(at < RECORDS_MAX);
		f->records[at] = record;
		f->threads[at] = f->trace->threads[thread].thread;
		if (record.payload_size)
			memcpy(f->payloads[at], record.payload,
			       record.payload_size < 16 ? record.payload_size : 16);
		f->count++;
	}
	ct_stream_close(stream);
}

static void open_bytes(struct fixture *f, const char *bytes, size_t size)
{
	memset(f, 0, sizeof(*f));
	write_bytes(f, bytes, size);
	f->status = ct_trace_open(f->path, &f->error, &f->trace);
	unlink(f->path);
	for (size_t i = 0; f->trace && i < f->trace->thread_count; i++)
		read_thread(f, i);
}

static void open_text(struct fixture *f, const char *text)
{
	open_bytes(f, text, strlen(text));
}

/* Event `number` has this event, flags, object and argument. */
static void expect(const struct fixture *f, size_t number, uint16_t event, uint16_t flags,
		   uint64_t object, uint64_t arg)
{
	const struct ct_record *record = &f->records[number - 1];

	assert_int_equal(record->event, event);
	assert_int_equal(record->flags, flags);
	assert_int_equal(record->object, object);
	assert_int_equal(record->arg, arg);
}

static const char *location(const struct fixture *f, size_t number)
{
	const struct ct_trace_stack *stack =
		ct_trace_stack(f->trace, 1, f->records[number - 1].stack);

	assert_non_null(stack);
	assert_int_equal(stack->depth, 0);
	return stack->text_location;
}

static void test_every_operation(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, "T1|fork(T2)|1\nT1|r(x)|2\nT1|w(x)|3\nT1|acq(m)|4\nT1|rel(m)|5\n"
		      "T1|tacq(m)|6\nT2|tfail(m)|7\nT1|rel(m)|8\nT1|tmacq(m)|9\n"
		      "T1|wait(c.m)|10\nT1|wake(c.m)|11\nT1|sig(c)|12\nT1|bcast(c)|13\n"
		      "T1|post(s)|14\nT1|swait(s)|15\nT1|barin(b)|16\nT1|barout(b)|17\n"
		      "T1|pw(p.5)|18\nT1|pr(p.4)|19\nT1|join(T2)|20\n");
	assert_int_equal(f.status, CT_OK);
	assert_int_equal(f.count, 20);
	assert_true(f.trace->text);
	assert_true(f.trace->accesses);
	assert_true(f.trace->some_accesses);
	/* objects: x 1, m 2, c 3, s 4, b 5, p 6 */
	expect(&f, 1, CT_EV_THREAD_CREATE, 0, 2, 0);
	expect(&f, 2, CT_EV_ACCESS_READ, 0, 1, 1);
	expect(&f, 3, CT_EV_ACCESS_WRITE, 0, 1, 1);
	expect(&f, 4, CT_EV_MUTEX_LOCK, 0, 2, 0);
	expect(&f, 5, CT_EV_MUTEX_UNLOCK, 0, 2, 0);
	expect(&f, 6, CT_EV_MUTEX_TRYLOCK, CT_F_TRY, 2, 0);
	expect(&f, 7, CT_EV_FAIL, 0, 2, EBUSY);
	expect(&f, 9, CT_EV_MUTEX_TIMEDLOCK, CT_F_TIMED, 2, 0);
	expect(&f, 10, CT_EV_COND_WAIT, CT_F_REQUEST, 3, 2);
	expect(&f, 11, CT_EV_COND_WAIT, CT_F_BLOCKED, 3, 2);
	expect(&f, 12, CT_EV_COND_SIGNAL, 0, 3, 0);
	expect(&f, 13, CT_EV_COND_BROADCAST, 0, 3, 0);
	expect(&f, 14, CT_EV_SEM_POST, 0, 4, 0);
	expect(&f, 15, CT_EV_SEM_WAIT, 0, 4, 0);
	expect(&f, 16, CT_EV_BARRIER_WAIT, CT_F_REQUEST, 5, 0);
	expect(&f, 17, CT_EV_BARRIER_WAIT, CT_F_BLOCKED, 5, 0);
	expect(&f, 18, CT_EV_WRITE, 0, 6, 5);
	expect(&f, 19, CT_EV_READ, 0, 6, 4);
	expect(&f, 20, CT_EV_THREAD_JOIN, 0, 2, 0);
	ct_trace_free(f.trace);
}

/* All accesses are known, and there are none: nobody need look for races. */
static void test_locks_only(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, "T1|acq(x)|1\nT1|rel(x)|2\nT1|fork(T2)|3\nT2|post(x)|4\n");
	assert_int_equal(f.status, CT_OK);
	assert_true(f.trace->accesses);
	assert_false(f.trace->some_accesses);
	ct_trace_free(f.trace);
}

static void test_failed_trylock_names_its_call(void **state)
{
	struct fixture f;
	struct ct_payload_fail fail;

	(void)state;
	open_text(&f, "T1|tfail(m)|1\nT1|tfail(g)|2\nT2|racq(g)|3\n");
	assert_int_equal(f.status, CT_OK);
	memcpy(&fail, f.payloads[0], sizeof(fail));
	assert_int_equal(f.records[0].payload_size, sizeof(fail));
	assert_int_equal(fail.call, CT_EV_MUTEX_TRYLOCK);
	memcpy(&fail, f.payloads[1], sizeof(fail));
	assert_int_equal(fail.call, CT_EV_RWLOCK_TRYWRLOCK);
	ct_trace_free(f.trace);
}

static void test_read_locked_name_is_rwlock_everywhere(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, "T1|acq(g)|1\nT1|rel(g)|2\nT1|tacq(g)|3\nT1|rel(g)|4\nT1|tmacq(g)|5\n"
		      "T1|rel(g)|6\nT1|acq(m)|7\nT2|racq(g)|8\nT2|rrel(g)|9\nT2|req(g)|10\n"
		      "T1|w(g)|11\n");
	assert_int_equal(f.status, CT_OK);
	assert_int_equal(f.records[0].event, CT_EV_RWLOCK_WRLOCK);
	assert_int_equal(f.records[1].event, CT_EV_RWLOCK_UNLOCK);
	assert_int_equal(f.records[2].event, CT_EV_RWLOCK_TRYWRLOCK);
	assert_int_equal(f.records[4].event, CT_EV_RWLOCK_TIMEDWRLOCK);
	assert_int_equal(f.records[6].event, CT_EV_MUTEX_LOCK);
	assert_int_equal(f.records[7].event, CT_EV_RWLOCK_RDLOCK);
	assert_int_equal(f.records[8].event, CT_EV_RWLOCK_UNLOCK);
	expect(&f, 10, CT_EV_RWLOCK_WRLOCK, CT_F_REQUEST, f.records[0].object, 0);
	assert_int_equal(f.records[10].event, CT_EV_ACCESS_WRITE);
	assert_int_not_equal(f.records[10].object, f.records[0].object);
	ct_trace_free(f.trace);
}

static void test_requests(void **state)
{
	struct fixture f;
	uint32_t helpers[2];

	(void)state;
	open_text(&f, "#sem s=0\nT1|acq(a)|1\nT2|req(a)|2\nT3|req(join:T1)|3\nT4|wait(c.m)|4\n"
		      "T4|req(wait:c)|5\nT5|req(pr:p:T1,T9)|6\nT6|req(pw:p:T2)|7\nT7|req(s)|8\n"
		      "T8|req(pr:q)|9\nT10|req(odd:q:T1)|10\n");
	assert_int_equal(f.status, CT_OK);
	expect(&f, 2, CT_EV_MUTEX_LOCK, CT_F_REQUEST, f.records[0].object, 0);
	expect(&f, 3, CT_EV_THREAD_JOIN, CT_F_REQUEST, 1, 0);
	expect(&f, 5, CT_EV_COND_WAIT, CT_F_REQUEST, f.records[3].object, 0);
	assert_int_equal(f.records[5].event, CT_EV_READ);
	assert_int_equal(f.records[5].payload_size, sizeof(helpers));
	memcpy(helpers, f.payloads[5], sizeof(helpers));
	assert_int_equal(helpers[0], 1);
	assert_string_equal(
		f.trace->names[f.trace->name_count - f.trace->thread_count + helpers[1] - 1].name,
		"T9");
	expect(&f, 7, CT_EV_WRITE, CT_F_REQUEST, f.records[5].object, 0);
	assert_int_equal(f.records[6].payload_size, sizeof(uint32_t));
	expect(&f, 8, CT_EV_SEM_WAIT, CT_F_REQUEST, 1, 0);
	assert_int_equal(f.records[7].payload_size, 0);
	assert_int_equal(f.records[8].payload_size, 0);
	assert_int_equal(f.records[9].event, CT_EV_READ);
	ct_trace_free(f.trace);
}

static void test_directives_and_comments(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, "# a comment = 3\n\n#sem s=2\r\n  # pipe p=7 and text\n#bar b=3\n#sem x=\n"
		      "   T1|acq(m)|1   \n");
	assert_int_equal(f.status, CT_OK);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.trace->text_init_count, 3);
	assert_int_equal(f.trace->text_init[0].event, CT_EV_SEM_INIT);
	assert_int_equal(f.trace->text_init[0].value, 2);
	assert_int_equal(f.trace->text_init[1].event, CT_EV_FD_OPEN);
	assert_int_equal(f.trace->text_init[1].value, 7);
	assert_int_equal(f.trace->text_init[2].event, CT_EV_BARRIER_INIT);
	assert_string_equal(f.trace->names[f.trace->text_init[2].object - 1].name, "b");
	ct_trace_free(f.trace);
}

static void test_locations_and_names(void **state)
{
	struct fixture f;
	char expected[80];

	(void)state;
	open_text(&f, "B|acq(m)|17\nA|acq(n)|main.c:4\nB|rel(m)\nB|acq(k)|17\n");
	assert_int_equal(f.status, CT_OK);
	snprintf(expected, sizeof(expected), "%s:17", strrchr(f.path, '/') + 1);
	assert_string_equal(location(&f, 1), expected);
	assert_string_equal(location(&f, 2), "main.c:4");
	snprintf(expected, sizeof(expected), "%s:3", strrchr(f.path, '/') + 1);
	assert_string_equal(location(&f, 3), expected);
	assert_int_equal(f.records[0].stack, f.records[3].stack);
	assert_int_equal(f.threads[0], 1); /* in order of appearance */
	assert_int_equal(f.threads[1], 2);
	assert_int_equal(f.trace->thread_count, 2);
	assert_true(f.trace->names[3].thread);
	assert_string_equal(f.trace->names[3].name, "B");
	ct_trace_free(f.trace);
}

static void test_a_thread_without_events(void **state)
{
	struct fixture f;

	(void)state;
	open_text(&f, "T1|fork(T2)|1\n");
	assert_int_equal(f.status, CT_OK);
	assert_int_equal(f.trace->thread_count, 2);
	assert_int_equal(f.count, 1);
	ct_trace_free(f.trace);
}

static enum ct_status append_line(void *text, const struct ct_event *event)
{
	struct {
		struct ct_text text;
		struct ct_trace *trace;
	} *out = text;

	ct_event_format(&out->text, out->trace, event);
	ct_text_addc(&out->text, '\n');
	return CT_OK;
}

static void test_dump(void **state)
{
	struct {
		struct ct_text text;
		struct ct_trace *trace;
	} out = {0};
	struct fixture f;

	(void)state;
	open_text(&f, "T1|fork(T2)|a.c:1\nT2|wait(c.m)|a.c:2\nT1|tfail(m)|a.c:3\n");
	assert_int_equal(f.status, CT_OK);
	out.trace = f.trace;
	assert_int_equal(ct_trace_each_event(f.trace, append_line, &out), CT_OK);
	assert_string_equal(ct_text_str(&out.text),
			    "[1] T1 pthread_create object=T2 at=a.c:1\n"
			    "[2] T2 pthread_cond_wait object=c arg=m at=a.c:2 flags=request\n"
			    "[3] T1 failed object=m at=a.c:3\n");
	ct_text_fini(&out.text);
	ct_trace_free(f.trace);
}

static void test_malformed_lines(void **state)
{
	static const struct {
		const char *text, *where;
	} cases[] = {
		{"T1|acq(m)|1\nfoo\n", ":2: byte 12: expected THREAD|op(argument)|location"},
		{"|acq(m)|1\n", ":1: byte 0: expected THREAD"},
		{"T1|acq m|1\n", ":1: byte 3: expected op(argument)"},
		{"T1|acq(m|1\n", ":1: byte 3: expected op(argument)"},
		{"T1||1\n", ":1: byte 3: expected op(argument)"},
		{"T1|acq()|1\n", ":1: byte 3: an empty argument"},
		{"T1|lock(m)|1\n", ":1: byte 3: unknown operation: \"lock\""},
		{"# c\n  T1|wait(c)|1\n", ":2: byte 14: expected condition.mutex"},
		{"T1|wait(c.)|1\n", ":1: byte 8: expected condition.mutex"},
		{"T1|pw(p)|1\n", ":1: byte 6: expected pipe.bytes"},
		{"T1|pw(p.1x)|1\n", ":1: byte 8: not a number"},
		{"T1|pw(p.99999999999999999999999)|1\n", ":1: byte 8: not a number"},
		{"T1|req(pr:)|1\n", ":1: byte 7: expected kind:object:threads"},
		{"T1|req(pr:p:,T2)|1\n", ":1: byte 12: expected threads"},
		{"#sem s=99999999999\n", ":1: byte 7: the number is too large"},
		{"", ": no event in this file"},
		{"# only a comment\n", ": no event in this file"},
		{"\x7f"
		 "ELF\n",
		 ":1: byte 0: expected THREAD"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		open_text(&f, cases[i].text);
		assert_int_equal(f.status, CT_EFORMAT);
		assert_null(f.trace);
		assert_memory_equal(f.error.text, f.path, strlen(f.path));
		if (!strstr(f.error.text, cases[i].where))
			fail_msg("case %zu: %s", i, f.error.text);
	}
}

static void test_nul_and_long_lines(void **state)
{
	struct fixture f;
	char *big = malloc(200000);

	(void)state;
	assert_non_null(big);
	open_bytes(&f, "T1|acq(m)|1\nT1|\0cq(m)|1\n", 24);
	assert_int_equal(f.status, CT_EFORMAT);
	assert_non_null(strstr(f.error.text, ":2: byte 15: a NUL byte"));
	memset(big, 'x', 200000);
	memcpy(big, "T1|acq(m)|1\n", 12);
	open_bytes(&f, big, 200000);
	assert_int_equal(f.status, CT_EFORMAT);
	assert_non_null(strstr(f.error.text, ":2: byte 65548: the line is longer than 65536"));
	memcpy(big + 12, "T1|acq(", 7);
	memcpy(big + 12 + 65536 - 3, ")|1\nT1|rel(m)|2\n", 16);
	open_bytes(&f, big, 12 + 65536 - 3 + 16);
	assert_int_equal(f.status, CT_OK);
	assert_int_equal(f.count, 3);
	ct_trace_free(f.trace);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_operation),
		cmocka_unit_test(test_locks_only),
		cmocka_unit_test(test_failed_trylock_names_its_call),
		cmocka_unit_test(test_read_locked_name_is_rwlock_everywhere),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_directives_and_comments),
		cmocka_unit_test(test_locations_and_names),
		cmocka_unit_test(test_a_thread_without_events),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_malformed_lines),
		cmocka_unit_test(test_nul_and_long_lines),
	};

	return cmocka_run_group_tests_name("reader_std", tests, NULL, NULL);
}
