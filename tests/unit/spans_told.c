#include "spans_told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "timing/span.h"

struct fake_trace *new_fake(uint32_t threads)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= threads; t++)
		fake_thread(fake, 1, t);
	return fake;
}

/* What was told, a line each. */
struct told {
	struct ct_text text;
	uint64_t last_ns;
	int running; /* threads that run */
};

static enum ct_status on_span(void *state, const struct ct_span *span)
{
	struct told *told = state;
	const struct ct_thread *thread = span->thread, *waker = span->wake.thread;

	assert_true(span->to_ns >= span->from_ns);
	if (span->activity == CT_RUNS && span->to_ns == span->from_ns)
		return CT_OK;
	ct_text_addf(&told->text, "%u.%u %s %d-%d%s%s%s", thread->process->number, thread->number,
		     ct_activity_name(span->activity), (int)span->from_ns, (int)span->to_ns,
		     span->failed ? " !" : "", span->open ? " ~" : "", span->resumed ? " +" : "");
	if (waker)
		ct_text_addf(&told->text, " <%u.%u@%d", waker->process->number, waker->number,
			     (int)span->wake.time_ns);
	ct_text_addc(&told->text, '\n');
	return CT_OK;
}

static void check_order(struct told *told, uint64_t time_ns)
{
	assert_true(time_ns >= told->last_ns);
	told->last_ns = time_ns;
}

static enum ct_status on_change(void *state, const struct ct_thread *thread, uint64_t time_ns,
				enum ct_activity from, enum ct_activity to)
{
	struct told *told = state;

	(void)thread;
	check_order(told, time_ns);
	assert_true(from != to || to == CT_RUNS);
	told->running += (to == CT_RUNS) - (from == CT_RUNS && from != to);
	assert_true(told->running >= 0);
	return CT_OK;
}

static enum ct_status on_end(void *state, const struct ct_thread *thread, uint64_t time_ns)
{
	(void)thread;
	check_order(state, time_ns);
	return CT_OK;
}

/* Runs the trace, which is gone then. */
void check(struct fake_trace *fake, const char *wanted)
{
	struct told told = {.running = 0};
	struct ct_span_sink sink = {
		.state = &told, .change = on_change, .span = on_span, .end = on_end};
	struct ct_model *model = fake_model(fake);
	struct ct_observer observer = {.step = ct_spans_step};
	struct ct_spans *spans;

	ct_text_init(&told.text);
	assert_int_equal(ct_spans_new(model, &sink, 1, &spans), CT_OK);
	observer.state = spans;
	assert_int_equal(ct_model_run(model, &observer, 1, NULL), CT_OK);
	assert_int_equal(ct_spans_finish(spans), CT_OK);
	assert_string_equal(ct_text_str(&told.text), wanted);
	ct_text_fini(&told.text);
	ct_spans_free(spans);
	fake_free(fake);
}

void rusage(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event)
{
	struct ct_payload_rusage usage = {.user_us = 1};

	fake_payload(fake, thread, time, event, &usage, sizeof(usage));
}

void request(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event, uint64_t object,
	     uint64_t arg)
{
	fake_event(fake, thread, time, event, CT_F_REQUEST, object, arg);
}

void complete(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
	      uint64_t object, uint64_t arg)
{
	fake_event(fake, thread, time, event, CT_F_BLOCKED, object, arg);
}

void event(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t id, uint64_t object,
	   uint64_t arg)
{
	fake_event(fake, thread, time, id, 0, object, arg);
}
