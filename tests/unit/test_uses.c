/*
 * model/counts.c and report/uses.c: what a program used is counted call by call, by names that are
 * stable and mean one thing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/counts.h"
#include "model/model.h"
#include "report/uses.h"

#include "text_trace.h"
#include "trace_writer.h"

#include <stdlib.h>
#include <string.h>

static struct ct_model *model_of(struct ct_trace *trace)
{
	struct ct_model *model = NULL;
	struct ct_error error;

	assert_int_equal(ct_model_new(trace, &error, &model), CT_OK);
	assert_int_equal(ct_model_run(model, NULL, 0, &error), CT_OK);
	return model;
}

static void free_model(struct ct_model *model)
{
	struct ct_trace *trace = model->trace;

	ct_model_free(model);
	ct_trace_free(trace);
}

static void assert_use(const struct ct_model *model, const char *name, uint64_t objects,
		       uint64_t calls)
{
	for (size_t i = 0; i < ct_use_limit(); i++) {
		const struct ct_use use = ct_use_of(model, i);

		if (!use.name || strcmp(use.name, name) != 0)
			continue;
		if (use.objects != objects || use.calls != calls)
			fail_msg("%s: %lu objects, %lu calls", name, (unsigned long)use.objects,
				 (unsigned long)use.calls);
		return;
	}
	fail_msg("there is no \"%s\"", name);
}

/* A name stands in JSON as it is, and is a key of rubrics. */
static void test_names(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_ ";

	(void)state;
	for (size_t i = 0; i < ct_use_limit(); i++) {
		const char *name = ct_use_name(i);

		if (!name)
			continue;
		assert_true(ct_use_is_name(name));
		if (name[strspn(name, letters)])
			fail_msg("\"%s\" is no name", name);
		for (size_t k = 0; k < i; k++)
			if (ct_use_name(k) && strcmp(ct_use_name(k), name) == 0)
				fail_msg("\"%s\" comes twice", name);
	}
	assert_null(ct_use_name(ct_use_limit()));
	assert_null(ct_use_name(ct_use_limit() + 65536));
	assert_true(ct_use_is_name("condition variable"));
	assert_true(ct_use_is_name("pthread_mutex_lock"));
	assert_false(ct_use_is_name("thread_exit"));
	assert_false(ct_use_is_name(""));
}

/* The table of counts has room for all of them. */
static void test_events_have_room(void **state)
{
	(void)state;
	for (uint32_t id = CT_COUNTED_EVENTS; id <= UINT16_MAX; id++)
		assert_null(ct_event_info((uint16_t)id));
}

static void test_text_trace(void **state)
{
	struct ct_model *model = model_of(text_trace(
		"T0:fork(T1) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T0:acq(a) T1:req(a)"));

	(void)state;
	assert_use(model, "mutex", 2, 6); /* who waits has made its call */
	assert_use(model, "pthread_mutex_lock", 0, 4);
	assert_use(model, "pthread_mutex_unlock", 0, 2);
	assert_use(model, "thread", 1, 1);
	assert_use(model, "process", 0, 0);
	assert_use(model, "condition variable", 0, 0);
	free_model(model);
}

/* What has waited has two records; a failure is a call only of those that try. */
static void add_locks(struct trace_writer *w)
{
	struct ct_payload_fail fail = {0x1000, 16, CT_EV_MUTEX_TRYLOCK};

	tw_obj(w, 11, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 0x1000);
	tw_obj(w, 12, CT_EV_MUTEX_LOCK, CT_F_BLOCKED, 0x1000);
	tw_record(w, 13, CT_EV_FAIL, CT_F_TRY, 0, &fail, sizeof(fail));
	fail.call = CT_EV_MUTEX_LOCK;
	tw_record(w, 14, CT_EV_FAIL, 0, 0, &fail, sizeof(fail));
	tw_obj(w, 15, CT_EV_MUTEX_UNLOCK, 0, 0x1000);
	tw_obj(w, 16, CT_EV_MUTEX_TRYLOCK, CT_F_TRY, 0x1000);
	tw_obj(w, 17, CT_EV_MUTEX_UNLOCK, 0, 0x1000);
}

static void test_recorded(void **state)
{
	struct ct_payload_rusage usage = {.user_us = 2000, .system_us = 500};
	struct ct_model *model;
	struct trace_writer *w = calloc(1, sizeof(*w));
	struct ct_trace *trace;
	struct ct_error error;

	(void)state;
	assert_non_null(w);
	tw_begin(w);
	tw_process(w, 1, 0, 5);
	tw_packet(w, 1, 1, 0, 10);
	add_locks(w);
	tw_obj_arg(w, 18, CT_EV_YIELD, 0, 0, 7);
	tw_record(w, 20, CT_EV_PROCESS_EXIT, 0, 0, &usage, sizeof(usage));
	tw_append(w, "p1.t1");
	assert_int_equal(ct_trace_open(w->folder, &error, &trace), CT_OK);
	model = model_of(trace);
	assert_use(model, "mutex", 1, 5);
	assert_use(model, "pthread_mutex_lock", 0, 1);
	assert_use(model, "pthread_mutex_trylock", 0, 2);
	assert_use(model, "trylock", 0, 2);
	assert_use(model, "yield", 0, 7);
	assert_use(model, "thread", 0, 0);
	assert_int_equal(model->counts->cpu_us, 2500);
	assert_int_equal(model->counts->ended, 1);
	assert_int_equal(model->counts->last_time, 20);
	free_model(model);
	tw_end(w);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_events_have_room),
		cmocka_unit_test(test_text_trace),
		cmocka_unit_test(test_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
