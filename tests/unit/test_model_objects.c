/* model: which object an address means (lives of an address, shared memory, fork and exec). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"

/* Object id of each event that has one, in order; 99 for those without. */
struct seen {
	uint32_t ids[64];
	size_t count;
};

static enum ct_status see(void *state, const struct ct_model *model, const struct ct_step *step)
{
	struct seen *seen = state;

	(void)model;
	seen->ids[seen->count++] = step->object ? step->object->id : 99;
	return CT_OK;
}

static struct ct_model *run(struct fake_trace *fake, struct seen *seen)
{
	struct ct_observer observer = {seen, see};

	seen->count = 0;
	return fake_run(fake, &observer);
}

static void check_ids(const struct seen *seen, const uint32_t *ids, size_t count)
{
	assert_int_equal(seen->count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(seen->ids[i], ids[i]);
}

#define CHECK_IDS(seen, ...)                                                                       \
	check_ids(seen, (const uint32_t[]){__VA_ARGS__},                                           \
		  sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void lock(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t address)
{
	fake_event(fake, thread, time, CT_EV_MUTEX_LOCK, 0, address, 0);
	fake_event(fake, thread, time + 1, CT_EV_MUTEX_UNLOCK, 0, address, 0);
}

static void test_init_begins_a_life(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_INIT, 0, 64, 1);
	lock(fake, 0, 2, 64);
	fake_event(fake, 0, 4, CT_EV_MUTEX_INIT, 0, 64, 2);
	lock(fake, 0, 5, 64);
	model = run(fake, &seen);
	CHECK_IDS(&seen, 0, 0, 0, 1, 1, 1);
	assert_int_equal(model->object_count, 2);
	assert_int_equal(model->objects[0]->init_arg, 1);
	assert_int_equal(model->objects[1]->init_arg, 2);
	assert_int_equal(model->objects[1]->generation, 1);
	assert_int_equal(model->objects[1]->init_stack, 4);
	assert_true(model->objects[1]->initialised);
	assert_ptr_equal(model->objects[0]->process, model->processes[0]);
	fake_free(fake);
}

static void test_init_of_a_held_lock(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 0, 2, CT_EV_MUTEX_INIT, 0, 64, 0);
	fake_event(fake, 0, 3, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	model = run(fake, &seen);
	CHECK_IDS(&seen, 0, 0, 0);
	assert_int_equal(model->threads[0]->held_count, 0);
	fake_free(fake);
}

static void test_destroy_ends_it(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	lock(fake, 0, 1, 64);
	fake_event(fake, 0, 3, CT_EV_MUTEX_DESTROY, 0, 64, 0);
	lock(fake, 0, 4, 64);
	fake_event(fake, 0, 6, CT_EV_MUTEX_DESTROY, 0, 64, 0);
	fake_fail(fake, 0, 7, CT_EV_MUTEX_DESTROY, 64, 16);
	lock(fake, 0, 8, 64);
	model = run(fake, &seen);
	CHECK_IDS(&seen, 0, 0, 0, 1, 1, 1, 1, 1, 1);
	assert_true(model->objects[0]->destroyed);
	assert_false(model->objects[1]->destroyed);
	fake_free(fake);
}

static void test_another_kind_is_another_object(void **state)
{
	struct fake_trace *fake = fake_new();
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	lock(fake, 0, 1, 64);
	fake_event(fake, 0, 3, CT_EV_SEM_POST, 0, 64, 0);
	lock(fake, 0, 4, 64);
	run(fake, &seen);
	CHECK_IDS(&seen, 0, 0, 1, 2, 2);
	fake_free(fake);
}

static void test_freed_memory(void **state)
{
	struct fake_trace *fake = fake_new();
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	lock(fake, 0, 1, 0x1000);
	lock(fake, 0, 3, 0x1ff8);
	lock(fake, 0, 5, 0x2000);
	fake_event(fake, 0, 7, CT_EV_MEMORY_FREED, 0, 0x1008, 0xff8); /* up to 0x2000 */
	lock(fake, 0, 8, 0x1000);
	lock(fake, 0, 10, 0x1ff8);
	lock(fake, 0, 12, 0x2000);
	fake_event(fake, 0, 14, CT_EV_MEMORY_FREED, 0, 0, UINT64_MAX);
	lock(fake, 0, 15, 0x2000);
	run(fake, &seen);
	CHECK_IDS(&seen, 0, 0, 1, 1, 2, 2, 99, 0, 0, 3, 3, 2, 2, 99, 4, 4);
	fake_free(fake);
}

static void test_stack_of_ended_thread(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_payload_start start = {
		.thread = 2, .pthread = 7, .stack_low = 0x10000, .stack_size = 0x1000};
	struct ct_payload_rusage usage = {.object = 2};
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_payload(fake, 1, 1, CT_EV_THREAD_START, &start, sizeof(start));
	lock(fake, 1, 2, 0x10080);
	lock(fake, 1, 4, 0x20000);
	fake_payload(fake, 1, 6, CT_EV_THREAD_EXIT, &usage, sizeof(usage));
	lock(fake, 0, 7, 0x10080);
	lock(fake, 0, 9, 0x20000);
	run(fake, &seen);
	CHECK_IDS(&seen, 99, 0, 0, 1, 1, 99, 2, 2, 1, 1);
	fake_free(fake);
}

static const struct ct_trace_map window = {
	.process = 1, .time = 5, .start = 0x100000, .size = 0x2000, .inode = 7};

static void test_shared_memory(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_trace_map other = window, end = {.process = 1,
						   .unmap = true,
						   .time = 50,
						   .start = 0x100000,
						   .size = 0x1000};
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_process(fake, 2, 0, 0, 0, "./other");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	other.process = 2;
	other.start = 0x500000;
	other.offset = 0x1000; /* the second page, elsewhere */
	other.size = 0x1000;
	fake_map(fake, &window);
	fake_map(fake, &other);
	fake_map(fake, &end);
	lock(fake, 0, 1, 0x101040); /* before the mapping: private */
	lock(fake, 0, 10, 0x101040);
	lock(fake, 1, 20, 0x500040);
	lock(fake, 0, 30, 0x100040);
	lock(fake, 0, 60, 0x100040); /* that page is gone, the other one is not */
	lock(fake, 0, 70, 0x101040);
	model = run(fake, &seen);
	CHECK_IDS(&seen, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 1, 1);
	assert_ptr_equal(model->objects[0]->process, model->processes[0]);
	assert_null(model->objects[1]->process);
	assert_null(model->objects[2]->process);
	assert_ptr_equal(model->objects[3]->process, model->processes[0]);
	fake_free(fake);
}

/* A fork at time 20 of thread 1, child 2. Thread 1 holds the private lock 64 and, in shared memory,
 * 0x100040. */
static struct fake_trace *forking(uint16_t how)
{
	struct fake_trace *fake = fake_new();

	fake_process(fake, 2, 1, 1, 25, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	fake_map(fake, &window);
	fake_event(fake, 0, 10, CT_EV_MUTEX_INIT, 0, 64, 77);
	fake_event(fake, 0, 11, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 0, 12, CT_EV_MUTEX_LOCK, 0, 0x100040, 0);
	fake_event(fake, 0, 20, how, CT_F_REQUEST, 0, 0);
	return fake;
}

static void test_fork(void **state)
{
	static const uint64_t returns[] = {24, 40}; /* before and after the child's first event */

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fake_trace *fake = forking(CT_EV_FORK);
		const struct ct_thread *child;
		struct ct_model *model;
		struct seen seen;

		fake_event(fake, 0, returns[i], CT_EV_FORK, CT_F_BLOCKED, 101, 0);
		fake_event(fake, 0, 41, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
		fake_event(fake, 1, 30, CT_EV_COND_SIGNAL, 0, 0x100100, 0);
		fake_event(fake, 1, 42, CT_EV_COND_SIGNAL, 0, 72, 0);
		model = run(fake, &seen);
		child = model->threads[1];
		assert_int_equal(child->held_count, 1);
		assert_ptr_equal(child->held[0].object->process, model->processes[1]);
		assert_int_equal(child->held[0].object->address, 64);
		assert_int_equal(child->held[0].object->init_arg, 77);
		assert_true(child->held[0].object->initialised);
		assert_ptr_equal(child->creator, model->threads[0]);
		assert_int_equal(model->threads[0]->held_count, 1); /* the shared one */
		assert_null(model->threads[0]->held[0].object->process);
		/* the child inherited the mapping: what it signals is shared */
		for (size_t k = 0; k < model->object_count; k++)
			if (model->objects[k]->kind == CT_OBJECT_COND)
				assert_int_equal(!model->objects[k]->process,
						 model->objects[k]->address == 0x100100);
		fake_free(fake);
	}
}

static void test_spawn_inherits_nothing(void **state)
{
	struct fake_trace *fake = forking(CT_EV_SPAWN);
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_event(fake, 0, 24, CT_EV_SPAWN, CT_F_BLOCKED, 101, 0);
	fake_event(fake, 1, 30, CT_EV_COND_SIGNAL, 0, 0x100100, 0);
	model = run(fake, &seen);
	assert_int_equal(model->threads[1]->held_count, 0);
	assert_ptr_equal(model->objects[model->object_count - 1]->process, model->processes[1]);
	fake_free(fake);
}

static void test_exec(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_map(fake, &window);
	fake_event(fake, 1, 8, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 64, 0);
	fake_event(fake, 0, 9, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 0, 10, CT_EV_EXEC, 0, 0, 0);
	fake_fail(fake, 0, 11, CT_EV_EXEC, 0, 2);
	lock(fake, 0, 12, 0x100040); /* the exec failed: still mapped, 64 still held */
	fake_event(fake, 0, 20, CT_EV_EXEC, 0, 0, 0);
	fake_start(fake, 0, 30, 9, 0);
	lock(fake, 0, 31, 0x100040);
	lock(fake, 0, 33, 64);
	model = run(fake, &seen);
	CHECK_IDS(&seen, 0, 0, 99, 99, 1, 1, 99, 99, 2, 2, 3, 3);
	assert_ptr_equal(model->objects[2]->process, model->processes[0]);
	assert_int_equal(model->threads[0]->held_count, 0);
	assert_true(model->threads[1]->exited);
	assert_int_equal(model->threads[1]->wait.kind, CT_WAIT_NONE);
	fake_free(fake);
}

static void test_exec_into_the_unknown(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 1, 8, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 64, 0);
	fake_event(fake, 0, 10, CT_EV_EXEC, 0, 0, 0);
	model = run(fake, &seen);
	assert_true(model->threads[0]->exited && model->threads[1]->exited);
	assert_int_equal(model->threads[1]->wait.kind, CT_WAIT_NONE);
	fake_free(fake);
}

static void test_given_names(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	struct seen seen;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_name(fake,
		  &(struct ct_trace_name){.process = 1, .object = 64, .time = 1, .name = "/first"});
	fake_name(fake, &(struct ct_trace_name){
				.process = 1, .object = 64, .time = 15, .name = "/second"});
	fake_name(fake,
		  &(struct ct_trace_name){.process = 2, .object = 64, .time = 2, .name = "/other"});
	fake_event(fake, 0, 2, CT_EV_SEM_POST, 0, 64, 0);
	fake_event(fake, 0, 10, CT_EV_MEMORY_FREED, 0, 64, 8);
	fake_event(fake, 0, 16, CT_EV_SEM_POST, 0, 64, 0);
	fake_event(fake, 0, 20, CT_EV_MEMORY_FREED, 0, 64, 8);
	fake_event(fake, 0, 26, CT_EV_SEM_POST, 0, 64, 0);
	model = run(fake, &seen);
	assert_string_equal(model->objects[0]->given_name, "/first");
	assert_string_equal(model->objects[1]->given_name, "/second");
	assert_null(model->objects[2]->given_name);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init_begins_a_life),
		cmocka_unit_test(test_init_of_a_held_lock),
		cmocka_unit_test(test_destroy_ends_it),
		cmocka_unit_test(test_another_kind_is_another_object),
		cmocka_unit_test(test_freed_memory),
		cmocka_unit_test(test_stack_of_ended_thread),
		cmocka_unit_test(test_shared_memory),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_spawn_inherits_nothing),
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_exec_into_the_unknown),
		cmocka_unit_test(test_given_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
