/* A large trace read in part: what lasts is there, what passed is not, nothing is taken as held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "reader/reader.h"
#include "trace_writer.h"

enum { LOCK = 0x1000, OTHER = 0x2000, SEM = 0x3000, PACKET_TIME = 1000, PACKETS = 6 };

/* A packet of lock pairs; `own` is put into the middle of it by the caller's `put`. */
static void add_packet(struct trace_writer *w, uint32_t thread, uint64_t number,
		       void (*put)(struct trace_writer *w, uint64_t number, uint64_t time))
{
	uint64_t time = (number + 1) * PACKET_TIME;
	char file[16];

	snprintf(file, sizeof(file), "p1.t%u", thread - 1);
	tw_packet(w, 1, thread, number, time);
	for (int i = 0; i < 10; i++) {
		tw_obj(w, time + 1, CT_EV_MUTEX_LOCK, 0, LOCK);
		tw_obj(w, time + 2, CT_EV_MUTEX_UNLOCK, 0, LOCK);
	}
	put(w, number, time + 3);
	tw_append(w, file);
}

/* Lists of accesses, atomic operations and memory without sync objects pass by; other memory, which
 * ends objects, lasts. */
static void put_accesses(struct trace_writer *w, uint64_t number, uint64_t time)
{
	static const struct CT_PACKED {
		uint16_t count;
		struct ct_access_entry entries[2];
	} accesses = {2,
		      {{.size = 4, .kind = CT_ACCESS_READ}, {.size = 4, .kind = CT_ACCESS_WRITE}}};
	struct ct_payload_atomic atomic = {LOCK, 8, 5};
	struct ct_payload_block block = {OTHER, 64, 72};

	tw_record(w, time, CT_EV_ACCESSES, 0, 0, &accesses, sizeof(accesses));
	tw_record(w, time, CT_EV_ATOMIC_RMW, 0, 0, &atomic, sizeof(atomic));
	tw_record(w, time, CT_EV_MEMORY_ALLOCATED, 0, 0, &block, sizeof(block));
	tw_obj_arg(w, time, CT_EV_MEMORY_FREED, number == 1 ? 0 : CT_F_PLAIN, OTHER, 64);
	tw_obj_arg(w, time, CT_EV_ACCESSES_SKIPPED, 0, 1, CT_SKIP_SAMPLED);
}

static void put_facts(struct trace_writer *w, uint64_t number, uint64_t time)
{
	tw_obj(w, time, CT_EV_SEM_POST, 0, SEM);
	tw_obj(w, time, CT_EV_SEM_POST, 0, OTHER);
	if (number == 2)
		tw_obj_arg(w, time, CT_EV_SIGACTION, 0, 10, 0x4000);
	if (number == 3)
		tw_obj_arg(w, time, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	if (number == 3)
		tw_obj_arg(w, time + 2, CT_EV_FORK, 0, 1234, 0);
}

static void put_nothing(struct trace_writer *w, uint64_t number, uint64_t time)
{
	(void)w;
	(void)number;
	(void)time;
}

/* Two threads; the first waits for SEM in the end. */
static struct ct_trace *open_recent(struct trace_writer *w, uint64_t max_bytes)
{
	struct ct_trace *trace = NULL;
	struct ct_error error;

	tw_begin(w);
	tw_process(w, 1, 0, 0);
	for (uint64_t i = 0; i < PACKETS; i++) {
		add_packet(w, 1, i, put_facts);
		add_packet(w, 2, i, i < 3 ? put_accesses : put_nothing);
	}
	tw_packet(w, 1, 1, PACKETS, (PACKETS + 1) * PACKET_TIME);
	tw_obj(w, (PACKETS + 1) * PACKET_TIME, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM);
	tw_live(w, "p1.t0", CT_LIVE_RUNNING, (uint32_t)getpid());
	if (ct_trace_open_recent(w->folder, max_bytes, &error, &trace) != CT_OK)
		fail_msg("%s", error.text);
	assert_int_equal(trace->problem_count, 0);
	return trace;
}

/* "EVENT " of each record before the trace is complete, the first packet left out; "gap " too. */
static void list(struct ct_trace *trace, size_t index, struct ct_text *out)
{
	struct ct_stream *stream;
	struct ct_record record;

	ct_text_init(out);
	assert_int_equal(ct_stream_open(trace, index, &stream), CT_OK);
	while (ct_stream_next(stream, &record))
		if (record.flags & CT_RECORD_GAP)
			ct_text_addf(out, "gap@%llu ", (unsigned long long)record.time);
		else if (record.time >= 2 * PACKET_TIME && record.event != CT_EV_MUTEX_LOCK &&
			 record.event != CT_EV_MUTEX_UNLOCK)
			ct_text_addf(out, "%s ", ct_event_info(record.event)->api);
	ct_stream_close(stream);
}

static void expect_list(struct ct_trace *trace, size_t index, const char *expected)
{
	struct ct_text text;

	list(trace, index, &text);
	assert_string_equal(ct_text_str(&text), expected);
	ct_text_fini(&text);
}

static void test_what_lasts_is_read(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace = open_recent(&w, 1);

	(void)state;
	assert_true(trace->left_out_bytes > 0);
	assert_int_equal(trace->complete_from, (PACKETS + 1) * PACKET_TIME);
	assert_int_equal(trace->followed_count, 1);
	assert_int_equal(trace->followed[0], SEM);
	assert_true(trace->threads[0].skipped && trace->threads[1].skipped);
	/* posts of SEM are followed; the packet of the fork and the last two are whole */
	expect_list(trace, 0,
		    "sem_post "
		    "sem_post sigaction "
		    "gap@4000 sem_post sem_post fork fork "
		    "sem_post "
		    "gap@6000 sem_post sem_post "
		    "sem_wait ");
	/* what the other thread held at the fork matters */
	expect_list(trace, 1, "memory_freed gap@4000 gap@6000 ");
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_small_traces_are_whole(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace = open_recent(&w, 1 << 20);

	(void)state;
	assert_int_equal(trace->left_out_bytes, 0);
	assert_int_equal(trace->complete_from, 0);
	assert_false(trace->threads[0].skipped);
	ct_trace_free(trace);
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_lasts_is_read),
		cmocka_unit_test(test_small_traces_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
