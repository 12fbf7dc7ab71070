/* Plans that are made of hand-made traces: how threads were created, where they stand, what they
 * took first, and how often they came there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "format/ct_plan.h"
#include "live/pattern.h"
#include "model/model.h"
#include "model/repeat.h"
#include "trace_writer.h"

enum { BIAS = 0x400000, START = 0x401000, END = 0x409000 };

static const uint8_t build_id[4] = {1, 2, 3, 4};

struct opened {
	struct ct_trace *trace;
	struct ct_model *model;
	struct ct_repeat *repeat;
};

static void process(struct trace_writer *w, uint32_t number, uint32_t parent, uint32_t creator,
		    uint32_t image, uint64_t time, const char *command)
{
	struct ct_payload_process p = {.time = time,
				       .pid = 1000 + number,
				       .parent_pid = parent ? 1000 + parent : 1,
				       .process = number,
				       .parent = parent,
				       .image = image,
				       .creator = creator};

	w->time = time;
	tw_define(w, CT_DEF_PROCESS, &p, sizeof(p), command, strlen(command) + 1);
}

static void module(struct trace_writer *w, uint64_t time)
{
	struct ct_payload_module p = {.time = time,
				      .start = START,
				      .end = END,
				      .bias = BIAS,
				      .build_id_length = sizeof(build_id)};
	char tail[sizeof(build_id) + 8] = "";

	memcpy(tail, build_id, sizeof(build_id));
	memcpy(tail + sizeof(build_id), "./prog", 7);
	tw_define(w, CT_DEF_MODULE, &p, sizeof(p), tail, sizeof(build_id) + 7);
}

/* Stack n: a caller at START + 16 n in two callers that all have. */
static void stack(struct trace_writer *w, uint32_t number)
{
	struct ct_payload_stack p = {.stack = number, .depth = 3};
	const uint64_t frames[] = {START + 16 * number, START + 0x800, 0x77};

	tw_define(w, CT_DEF_STACK, &p, sizeof(p), frames, sizeof(frames));
}

static uint64_t caller_site(uint32_t number)
{
	return ct_plan_site(0, ct_plan_module(build_id, sizeof(build_id), "./prog"),
			    START + 16 * number - BIAS);
}

static uint64_t site(uint32_t number)
{
	uint64_t whole =
		ct_plan_site(caller_site(number), ct_plan_module(build_id, sizeof(build_id), ""),
			     START + 0x800 - BIAS);

	return ct_plan_site(whole, 0, 0);
}

/* A record of the payload of an object, with a stack. */
static void call(struct trace_writer *w, uint64_t time, uint16_t event, uint16_t flags, uint32_t at,
		 uint64_t object)
{
	struct ct_payload_obj p = {object};

	tw_record(w, time, event, flags, at, &p, sizeof(p));
}

static void start(struct trace_writer *w, uint64_t time, uint32_t thread, uint32_t creator)
{
	struct ct_payload_start p = {.thread = thread, .pthread = thread * 16, .creator = creator};

	tw_record(w, time, CT_EV_THREAD_START, 0, 0, &p, sizeof(p));
}

static void open_model(const struct trace_writer *w, struct opened *out)
{
	struct ct_error error;

	if (ct_trace_open(w->folder, &error, &out->trace) != CT_OK)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < out->trace->problem_count; i++)
		fail_msg("%s", out->trace->problems[i]);
	assert_int_equal(ct_model_new(out->trace, &error, &out->model), CT_OK);
	assert_int_equal(ct_model_run(out->model, NULL, 0, &error), CT_OK);
	assert_int_equal(ct_repeat_new(out->model, &out->repeat), CT_OK);
}

static void close_model(struct opened *opened)
{
	ct_repeat_free(opened->repeat);
	ct_model_free(opened->model);
	ct_trace_free(opened->trace);
}

static const struct ct_thread *thread_of(const struct opened *opened, uint32_t process,
					 uint32_t number)
{
	for (size_t i = 0; i < opened->model->thread_count; i++) {
		const struct ct_thread *thread = opened->model->threads[i];

		if (thread->process->number == process && thread->number == number)
			return thread;
	}
	fail_msg("there is no thread %u of process %u", number, process);
	return NULL;
}

static uint64_t path(const struct opened *opened, uint32_t process, uint32_t number, uint64_t time)
{
	uint64_t hash = 0;

	assert_int_equal(
		ct_repeat_path(opened->repeat, thread_of(opened, process, number), time, &hash),
		CT_OK);
	return hash;
}

/* main: creates T2, fails to create one, creates T3, forks 2 (its second try), and becomes another
 * program, which creates T4. T3 creates T5. Process 2 creates T2. Process 3 was spawned by 1. */
static void write_family(struct trace_writer *w)
{
	tw_packet(w, 1, 0, 0, 10);
	process(w, 1, 0, 0, 0, 10, "./prog");
	process(w, 1, 0, 0, 1, 100, "./other x");
	tw_append(w, "p1.defs");
	tw_packet(w, 2, 0, 0, 60);
	process(w, 2, 1, 1, 0, 60, "./prog");
	tw_append(w, "p2.defs");
	tw_packet(w, 3, 0, 0, 80);
	process(w, 3, 1, 0, 0, 80, "./child");
	tw_append(w, "p3.defs");

	tw_packet(w, 1, 1, 0, 11);
	tw_obj_arg(w, 20, CT_EV_THREAD_CREATE, 0, 2, 0);
	tw_obj_arg(w, 22, CT_EV_THREAD_CREATE, 0, 9, 0);
	tw_obj_arg(w, 30, CT_EV_THRD_CREATE, 0, 3, 0);
	tw_obj_arg(w, 40, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	tw_obj_arg(w, 50, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	tw_obj_arg(w, 65, CT_EV_FORK, 0, 1002, 0);
	tw_obj(w, 90, CT_EV_EXEC, CT_F_REQUEST, 0);
	tw_obj_arg(w, 110, CT_EV_THREAD_CREATE, 0, 4, 0);
	tw_append(w, "p1.t0");
	tw_packet(w, 1, 2, 0, 21);
	start(w, 21, 2, 1);
	tw_append(w, "p1.t1");
	tw_packet(w, 1, 3, 0, 31);
	start(w, 31, 3, 1);
	tw_obj_arg(w, 35, CT_EV_THREAD_CREATE, 0, 5, 0);
	tw_append(w, "p1.t2");
	tw_packet(w, 1, 4, 0, 111);
	start(w, 111, 4, 1);
	tw_append(w, "p1.t3");
	tw_packet(w, 1, 5, 0, 36);
	start(w, 36, 5, 3);
	tw_append(w, "p1.t4");
	tw_packet(w, 1, 6, 0, 37);
	start(w, 37, 6, 0);
	tw_append(w, "p1.t5");
	tw_packet(w, 2, 1, 0, 61);
	tw_obj_arg(w, 70, CT_EV_THREAD_CREATE, 0, 2, 0);
	tw_append(w, "p2.t0");
	tw_packet(w, 2, 2, 0, 71);
	start(w, 71, 2, 1);
	tw_append(w, "p2.t1");
	tw_packet(w, 3, 1, 0, 81);
	tw_obj(w, 82, CT_EV_MUTEX_LOCK, 0, 8);
	tw_append(w, "p3.t0");
}

static void test_paths(void **state)
{
	uint64_t main = CT_PLAN_ROOT, third, child, other;
	struct trace_writer w;
	struct opened opened;

	(void)state;
	tw_begin(&w);
	write_family(&w);
	open_model(&w, &opened);
	third = ct_plan_path(main, CT_PLAN_STEP_THREAD, 3);
	child = ct_plan_path(main, CT_PLAN_STEP_FORK, 2);
	other = ct_plan_path(main, CT_PLAN_STEP_IMAGE, ct_plan_command("./other x"));
	assert_true(path(&opened, 1, 1, 20) == main);
	assert_true(path(&opened, 1, 2, 21) == ct_plan_path(main, CT_PLAN_STEP_THREAD, 1));
	assert_true(path(&opened, 1, 3, 31) == third);
	assert_true(path(&opened, 1, 5, 36) == ct_plan_path(third, CT_PLAN_STEP_THREAD, 1));
	assert_true(path(&opened, 1, 6, 37) == ct_plan_path(main, CT_PLAN_STEP_STRANGER, 0));
	assert_true(path(&opened, 2, 1, 70) == child);
	assert_true(path(&opened, 2, 2, 71) == ct_plan_path(child, CT_PLAN_STEP_THREAD, 1));
	assert_true(path(&opened, 3, 1, 82) ==
		    ct_plan_path(main, CT_PLAN_STEP_IMAGE, ct_plan_command("./child")));
	/* the same thread, in its next program, which counts anew */
	assert_true(path(&opened, 1, 1, 105) == other);
	assert_true(path(&opened, 1, 4, 111) == ct_plan_path(other, CT_PLAN_STEP_THREAD, 1));
	close_model(&opened);
	tw_end(&w);
}

/* Two threads that each take two locks; T2 has been everywhere before, and holds another lock. */
static void write_locks(struct trace_writer *w)
{
	const struct ct_payload_fail failed = {.object = 7, .error = 16, .call = CT_EV_MUTEX_LOCK};
	const struct ct_payload_handler handler = {.object = 10};

	tw_packet(w, 1, 0, 0, 10);
	process(w, 1, 0, 0, 0, 10, "./prog");
	module(w, 10);
	for (uint32_t i = 1; i <= 6; i++)
		stack(w, i);
	tw_append(w, "p1.defs");
	tw_packet(w, 1, 1, 0, 11);
	tw_obj_arg(w, 20, CT_EV_THREAD_CREATE, 0, 2, 0);
	tw_obj_arg(w, 21, CT_EV_THREAD_CREATE, 0, 3, 0);
	tw_append(w, "p1.t0");

	tw_packet(w, 1, 2, 0, 30);
	start(w, 30, 2, 1);
	call(w, 31, CT_EV_MUTEX_LOCK, 0, 1, 'a'); /* the first time at 1, given back */
	call(w, 32, CT_EV_MUTEX_UNLOCK, 0, 5, 'a');
	call(w, 33, CT_EV_MUTEX_LOCK, 0, 3, 'c'); /* the outermost */
	call(w, 34, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 1, 'a');
	call(w, 35, CT_EV_MUTEX_LOCK, CT_F_BLOCKED, 1, 'a');
	tw_record(w, 36, CT_EV_FAIL, 0, 2, &failed, sizeof(failed)); /* the first time at 2 */
	tw_record(w, 37, CT_EV_SIGNAL_HANDLER, 0, 0, &handler, sizeof(handler));
	call(w, 38, CT_EV_MUTEX_LOCK, 0, 2, 'd'); /* in a handler: does not count */
	call(w, 39, CT_EV_MUTEX_UNLOCK, 0, 5, 'd');
	call(w, 40, CT_EV_SIGNAL_RETURN, 0, 0, 10);
	call(w, 41, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 2, 'b');
	call(w, 42, CT_EV_MUTEX_LOCK, CT_F_BLOCKED, 2, 'b');
	tw_append(w, "p1.t1");

	tw_packet(w, 1, 3, 0, 50);
	start(w, 50, 3, 1);
	call(w, 51, CT_EV_MUTEX_LOCK, 0, 4, 'b');
	call(w, 1000052, CT_EV_MUTEX_LOCK, 0, 6, 'a');
	tw_append(w, "p1.t2");
}

static void fill_step(const struct opened *opened, struct ct_step_of_cycle *step, uint32_t number,
		      uint64_t time, uint32_t wanted, uint32_t held)
{
	const struct ct_thread *thread = thread_of(opened, 1, number);

	*step = (struct ct_step_of_cycle){
		.thread = thread,
		.holds = opened->model->objects[0],
		.wanted_at = {.thread = thread, .process = 1, .stack = wanted, .time = time},
		.held_at = {.thread = thread, .process = 1, .stack = held},
	};
}

static void assert_place(const struct ct_plan_place *place, uint32_t at, uint32_t nth,
			 uint32_t held)
{
	assert_true(place->site == site(at));
	assert_true(place->caller == caller_site(at));
	assert_int_equal(place->event, CT_EV_MUTEX_LOCK);
	assert_int_equal(place->nth, nth);
	assert_int_equal(place->held, held);
}

static void test_plan(void **state)
{
	const struct ct_pattern_way exact = {CT_PLAN_EXACT, CT_GATES_OUTERMOST, false, ""};
	const struct ct_pattern_way any = {CT_PLAN_SITE, CT_GATES_NONE, true, ""};
	struct ct_step_of_cycle steps[2];
	struct ct_finding finding = {.steps = steps, .step_count = 2};
	struct ct_pattern pattern;
	struct trace_writer w;
	struct opened opened;
	struct ct_error error;
	struct ct_plan plan;

	(void)state;
	tw_begin(&w);
	write_locks(&w);
	open_model(&w, &opened);
	fill_step(&opened, &steps[0], 2, 41, 2, 1);
	fill_step(&opened, &steps[1], 3, 1000052, 6, 4);
	assert_int_equal(ct_pattern_of(opened.model, opened.repeat, &finding, &error, &pattern),
			 CT_OK);
	assert_place(&pattern.threads[0].stop, 2, 2, 2);
	assert_place(&pattern.threads[0].outermost, 3, 1, 0);
	assert_place(&pattern.threads[0].own, 1, 2, 0);
	assert_place(&pattern.threads[1].stop, 6, 1, 1);
	assert_place(&pattern.threads[1].outermost, 4, 1, 0);
	assert_int_equal(pattern.span_ms, 1);

	ct_pattern_plan(&pattern, &exact, 7, &plan);
	assert_int_equal(plan.magic, CT_PLAN_MAGIC);
	assert_int_equal(plan.count, 2);
	assert_int_equal(plan.seed, 7);
	assert_true(plan.thread[0].path == ct_plan_path(CT_PLAN_ROOT, CT_PLAN_STEP_THREAD, 1));
	assert_place(&plan.thread[0].gate, 3, 1, 0);
	ct_pattern_plan(&pattern, &any, 7, &plan);
	assert_true(plan.thread[0].path == 0 && plan.thread[1].path == 0);
	assert_true(plan.thread[0].gate.caller == 0);

	/* it stands in another finding with the same places, whatever the order */
	assert_true(ct_pattern_stands(&pattern, opened.repeat, &finding));
	fill_step(&opened, &steps[0], 3, 0, 6, 4);
	fill_step(&opened, &steps[1], 2, 0, 2, 1);
	assert_true(ct_pattern_stands(&pattern, opened.repeat, &finding));
	fill_step(&opened, &steps[1], 2, 0, 6, 4);
	assert_false(ct_pattern_stands(&pattern, opened.repeat, &finding));

	fill_step(&opened, &steps[1], 2, 12345, 2, 1);
	assert_int_equal(ct_pattern_of(opened.model, opened.repeat, &finding, &error, &pattern),
			 CT_EUSAGE);
	finding.step_count = CT_PLAN_THREADS_MAX + 1;
	assert_int_equal(ct_pattern_of(opened.model, opened.repeat, &finding, &error, &pattern),
			 CT_EUSAGE);
	close_model(&opened);
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
