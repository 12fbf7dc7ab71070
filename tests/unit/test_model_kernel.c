/* model: kernel objects are one thing in all processes; what they order; who could end a wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/names.h"
#include "model/state.h"
#include "model/waitfor.h"

#define SET(id) CT_KERNEL_KEY(CT_KERNEL_SEM, (uint64_t)(id) << 16 | CT_SEM_ALL)
#define SEM(id, number) CT_KERNEL_KEY(CT_KERNEL_SEM, (uint64_t)(id) << 16 | (number))
#define COUNTER CT_KERNEL_KEY(CT_KERNEL_EVENTFD, 3)
#define QUEUE CT_KERNEL_KEY(CT_KERNEL_MSG, 5)
#define MUTEX_A 64
#define MUTEX_B 128

static struct fake_trace *new_fake(uint32_t threads)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= threads; t++)
		fake_thread(fake, 1, t);
	return fake;
}

static const struct ct_object *object_at(const struct ct_model *model, uint64_t address,
					 uint32_t generation)
{
	for (size_t i = 0; i < model->object_count; i++)
		if (model->objects[i]->address == address &&
		    model->objects[i]->generation == generation)
			return model->objects[i];
	return NULL;
}

/* One operation on semaphore `number` of set 1. */
static void semop_by(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t flags,
		     uint16_t number, int amount, uint16_t undo)
{
	struct {
		struct ct_payload_sem_ops head;
		struct ct_sem_op op;
	} CT_PACKED ops = {{SET(1), 1}, {number, (uint16_t)amount, undo}};

	fake_payload(fake, thread, time, CT_EV_SEMOP, &ops, sizeof(ops));
	fake->streams[thread].records[fake->streams[thread].count - 1].record.flags = flags;
}

static void test_one_object_for_all_processes(void **state)
{
	struct fake_trace *fake = new_fake(1);
	const struct ct_model *model;

	(void)state;
	fake_process(fake, 2, 1, 1, 1, "./child");
	fake_thread(fake, 2, 1);
	fake_event(fake, 0, 2, CT_EV_MSGSND, 0, QUEUE, 8);
	fake_event(fake, 1, 3, CT_EV_MSGRCV, 0, QUEUE, 8);
	semop_by(fake, 0, 4, 0, 0, 1, 0);
	semop_by(fake, 1, 5, 0, 0, -1, 0);
	model = fake_run(fake, NULL);
	assert_int_equal(model->object_count, 3); /* queue, set, semaphore */
	assert_int_equal(object_at(model, QUEUE, 0)->kind, CT_OBJECT_SYSV_MSG);
	assert_null(object_at(model, QUEUE, 0)->process);
	assert_int_equal(object_at(model, SET(1), 0)->kind, CT_OBJECT_SYSV_SET);
	assert_int_equal(object_at(model, SEM(1, 0), 0)->kind, CT_OBJECT_SYSV_SEM);
	assert_string_equal(object_at(model, SEM(1, 0), 0)->given_name, "semaphore 0 of set 1");
	fake_free(fake);
}

static void test_lives_of_kernel_objects(void **state)
{
	struct fake_trace *fake = new_fake(1);
	const struct ct_model *model;

	(void)state;
	semop_by(fake, 0, 1, 0, 2, 1, 0);
	fake_event(fake, 0, 2, CT_EV_SEMCTL_REMOVE, 0, SET(1), 0);
	semop_by(fake, 0, 3, 0, 2, 1, 0); /* the id is given again */
	fake_event(fake, 0, 4, CT_EV_FD_OPEN, 0, COUNTER, CT_FD_ARG(3, 3));
	fake_event(fake, 0, 5, CT_EV_EVENTFD, 0, COUNTER, 0);
	fake_event(fake, 0, 6, CT_EV_FD_OPEN, 0, COUNTER, CT_FD_ARG(3, 3));
	fake_event(fake, 0, 7, CT_EV_EVENTFD, 0, COUNTER, 0);		  /* so is an eventfd's */
	fake_event(fake, 0, 8, CT_EV_READ, 0, (uint64_t)99 << 56 | 1, 1); /* no such class */
	model = fake_run(fake, NULL);
	assert_non_null(object_at(model, SET(1), 1));
	assert_non_null(object_at(model, SEM(1, 2), 1));
	assert_true(object_at(model, SET(1), 0)->destroyed);
	assert_non_null(object_at(model, COUNTER, 1));
	assert_null(object_at(model, COUNTER, 2));
	assert_int_equal(model->object_count, 6);
	fake_free(fake);
}

/* A lock of the program's own, its futex word and a mutex may all have one address. */
static void test_spaces_of_addresses(void **state)
{
	struct fake_trace *fake = new_fake(1);
	const struct ct_model *model;

	(void)state;
	fake_event(fake, 0, 1, CT_EV_USER_LOCK, 0, MUTEX_A, 0);
	fake_event(fake, 0, 2, CT_EV_MUTEX_LOCK, 0, MUTEX_A, 0);
	fake_event(fake, 0, 3, CT_EV_FUTEX_WAKE, 0, MUTEX_A, 1);
	fake_event(fake, 0, 4, CT_EV_HAPPENS_BEFORE, 0, MUTEX_A, 0);
	model = fake_run(fake, NULL);
	assert_int_equal(model->object_count, 4);
	assert_int_equal(model->threads[0]->held_count, 2);
	assert_int_equal(model->threads[0]->held[0].object->kind, CT_OBJECT_USER_LOCK);
	fake_free(fake);
	fake = new_fake(1);
	fake_event(fake, 0, 1, CT_EV_USER_LOCK, 0, MUTEX_A, 0);
	fake_event(fake, 0, 2, CT_EV_USER_UNLOCK, 0, MUTEX_A, 0);
	fake_event(fake, 0, 3, CT_EV_MEMORY_FREED, 0, 0, 4096);
	fake_event(fake, 0, 4, CT_EV_USER_LOCK, 0, MUTEX_A, 0);
	model = fake_run(fake, NULL);
	assert_int_equal(model->object_count, 2);
	fake_free(fake);
}

static void test_c11_is_as_posix(void **state)
{
	struct fake_trace *fake = new_fake(2);
	const struct ct_model *model;

	(void)state;
	fake_event(fake, 0, 1, CT_EV_THRD_CREATE, 0, 2, 0x4000);
	fake_start(fake, 1, 2, 0x700, 1);
	fake_event(fake, 1, 3, CT_EV_MTX_LOCK, 0, MUTEX_A, 0);
	fake_event(fake, 1, 4, CT_EV_CND_WAIT, CT_F_REQUEST, MUTEX_B, MUTEX_A);
	fake_event(fake, 0, 5, CT_EV_CALL_ONCE, CT_F_REQUEST, 256, 0);
	fake_event(fake, 0, 6, CT_EV_CALL_ONCE, 0, 256, 0);
	fake_event(fake, 0, 7, CT_EV_THRD_JOIN, CT_F_REQUEST, 0x700, 0);
	model = fake_run(fake, NULL);
	assert_ptr_equal(model->threads[1]->creator, model->threads[0]);
	assert_int_equal(model->threads[1]->held_count, 0);
	assert_int_equal(model->threads[1]->wait.kind, CT_WAIT_COND);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_JOIN);
	assert_int_equal(object_at(model, 256, 0)->kind, CT_OBJECT_ONCE);
	fake_free(fake);
}

/* Whether what main did before time 10 is before what T2 did after time 20, in every schedule. */
static bool is_ordered(struct fake_trace *fake)
{
	const struct ct_model *model = fake_run(fake, NULL);
	bool ordered = ct_vclock_epoch(model->threads[1]->clock, 0) > 0;

	fake_free(fake);
	return ordered;
}

static void test_counters_order(void **state)
{
	struct fake_trace *fake = new_fake(3);

	(void)state;
	fake_event(fake, 2, 1, CT_EV_EVENTFD, 0, COUNTER, 2);
	fake_event(fake, 0, 5, CT_EV_EVENTFD_WRITE, 0, COUNTER, 3);
	fake_event(fake, 1, 20, CT_EV_EVENTFD_READ, 0, COUNTER, 5);
	assert_true(is_ordered(fake));
	fake = new_fake(3);
	fake_event(fake, 2, 1, CT_EV_EVENTFD, 0, COUNTER, 2);
	fake_event(fake, 0, 5, CT_EV_EVENTFD_WRITE, 0, COUNTER, 3);
	fake_event(fake, 1, 20, CT_EV_EVENTFD_READ, 0, COUNTER, 2); /* was there at first */
	assert_false(is_ordered(fake));
	fake = new_fake(3);
	fake_event(fake, 0, 5, CT_EV_EVENTFD_WRITE, 0, COUNTER, 3); /* what was there? */
	fake_event(fake, 1, 20, CT_EV_EVENTFD_READ, 0, COUNTER, 3);
	assert_false(is_ordered(fake));
	fake = new_fake(3);
	fake_event(fake, 2, 1, CT_EV_EVENTFD, 0, COUNTER, 0);
	fake_event(fake, 2, 2, CT_EV_WRITE, 0, COUNTER, 8); /* a value that was not seen */
	fake_event(fake, 0, 5, CT_EV_EVENTFD_WRITE, 0, COUNTER, 3);
	fake_event(fake, 1, 20, CT_EV_EVENTFD_READ, 0, COUNTER, 3);
	assert_false(is_ordered(fake));
}

static struct fake_trace *with_semaphore(void)
{
	struct fake_trace *fake = new_fake(3);

	fake_event(fake, 2, 1, CT_EV_SEMCTL_SET, 0, SEM(1, 0), 1);
	return fake;
}

static void test_semaphores_order(void **state)
{
	struct fake_trace *fake = with_semaphore();

	(void)state;
	semop_by(fake, 0, 5, 0, 0, 2, 0);
	semop_by(fake, 1, 20, 0, 0, -2, 0);
	assert_true(is_ordered(fake));
	fake = with_semaphore();
	semop_by(fake, 0, 5, 0, 0, 1, 0);
	semop_by(fake, 1, 20, 0, 0, -1, 0); /* its first value suffices */
	assert_false(is_ordered(fake));
	fake = with_semaphore();
	semop_by(fake, 0, 5, 0, 0, 2, 0);
	semop_by(fake, 2, 6, 0, 0, 2, 0); /* or another one's */
	semop_by(fake, 1, 20, 0, 0, -2, 0);
	assert_false(is_ordered(fake));
	fake = with_semaphore();
	semop_by(fake, 2, 4, 0, 0, -1, SEM_UNDO); /* comes back sometime */
	semop_by(fake, 0, 5, 0, 0, 2, 0);
	semop_by(fake, 1, 20, 0, 0, -2, 0);
	assert_false(is_ordered(fake));
	fake = with_semaphore();
	semop_by(fake, 0, 5, 0, 0, 2, 0);
	fake_event(fake, 2, 6, CT_EV_SEMCTL_SET, 0, SET(1), 0); /* SETALL */
	semop_by(fake, 1, 20, 0, 0, -2, 0);
	assert_false(is_ordered(fake));
	fake = new_fake(3);
	semop_by(fake, 0, 5, 0, 0, 2, 0); /* what was there? */
	semop_by(fake, 1, 20, 0, 0, -2, 0);
	assert_false(is_ordered(fake));
}

static void test_what_orders_nothing(void **state)
{
	static const struct {
		uint16_t give, take;
		uint64_t object;
	} cases[] = {
		{CT_EV_MSGSND, CT_EV_MSGRCV, QUEUE},
		{CT_EV_FUTEX_WAKE, CT_EV_FUTEX_WAIT, 64},
		{CT_EV_SEND, CT_EV_RECV, 77},
		{CT_EV_KILL, CT_EV_PAUSE, 100},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_trace *fake = new_fake(3);

		fake_event(fake, 0, 5, cases[i].give, 0, cases[i].object, 1);
		fake_event(fake, 1, 20, cases[i].take, 0, cases[i].object, 1);
		assert_false(is_ordered(fake));
	}
}

static void test_annotations_order(void **state)
{
	struct fake_trace *fake = new_fake(2);

	(void)state;
	fake_event(fake, 0, 5, CT_EV_HAPPENS_BEFORE, 0, 64, 0);
	fake_event(fake, 1, 20, CT_EV_HAPPENS_AFTER, 0, 64, 0);
	assert_true(is_ordered(fake));
	fake = new_fake(2);
	fake_event(fake, 0, 5, CT_EV_HAPPENS_BEFORE, 0, 64, 0);
	fake_event(fake, 1, 20, CT_EV_HAPPENS_AFTER, 0, 72, 0);
	assert_false(is_ordered(fake));
}

static struct ct_waitfor *waitfor_of(const struct ct_model *model)
{
	struct ct_waitfor *waitfor;

	assert_int_equal(ct_waitfor_new(model, &waitfor), CT_OK);
	assert_int_equal(ct_waitfor_stuck(waitfor), CT_OK);
	return waitfor;
}

/* The single edge of thread 1. */
static void check_edge(struct fake_trace *fake, enum ct_waitfor_why why, const char *to)
{
	const struct ct_model *model = fake_run(fake, NULL);
	struct ct_waitfor *waitfor = waitfor_of(model);
	const struct ct_waitfor_edge *edges;
	size_t count;

	edges = ct_waitfor_of(waitfor, model->threads[1], &count);
	assert_int_equal(count, 1);
	assert_int_equal(edges->why, why);
	assert_true(!edges->to == !to);
	if (to)
		assert_string_equal(edges->to->name, to);
	ct_waitfor_free(waitfor);
	fake_free(fake);
}

static void open_sockets(struct fake_trace *fake)
{
	fake_event(fake, 0, 1, CT_EV_FD_OPEN, 0, 77, CT_FD_ARG(3, 3));
	fake_event(fake, 1, 2, CT_EV_FD_OPEN, 0, 78, CT_FD_ARG(4, 3));
}

static void test_ends_of_connections(void **state)
{
	struct fake_trace *fake = new_fake(3);

	/* by address; the third pair of the same addresses is of another time */
	(void)state;
	open_sockets(fake);
	fake_socket(fake, 10, 77, "127.0.0.1:80", "127.0.0.1:5");
	fake_socket(fake, 11, 78, "127.0.0.1:5", "127.0.0.1:80");
	fake_socket(fake, 900, 79, "127.0.0.1:80", "127.0.0.1:5");
	fake_event(fake, 2, 3, CT_EV_FD_OPEN, 0, 79, CT_FD_ARG(5, 3));
	fake_event(fake, 1, 5, CT_EV_RECV, CT_F_REQUEST, 78, 0);
	check_edge(fake, CT_WAITFOR_HELPER, "main");

	fake = new_fake(3);
	open_sockets(fake);
	fake_event(fake, 0, 3, CT_EV_SOCKETPAIR, 0, 77, 78);
	fake_event(fake, 2, 4, CT_EV_SEND, 0, 77, 5); /* who wrote is told before who opened */
	fake_event(fake, 1, 5, CT_EV_RECV, CT_F_REQUEST, 78, 0);
	check_edge(fake, CT_WAITFOR_HELPER, "T3");

	fake = new_fake(3); /* the other end is not in the trace */
	open_sockets(fake);
	fake_socket(fake, 11, 78, "127.0.0.1:5", "10.0.0.1:80");
	fake_event(fake, 1, 5, CT_EV_RECV, CT_F_REQUEST, 78, 0);
	check_edge(fake, CT_WAITFOR_OUTSIDE, NULL);
}

/* A write may return after what it wrote was read and its reader waits for more; it may not have
 * returned while its reader is still to find what it wrote. */
static void test_writes_return_late(void **state)
{
	static const struct {
		uint64_t read;
		bool returned, may_wake;
	} cases[] = {{5, true, false}, {4, true, true}, {5, false, true}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_trace *fake = new_fake(2);
		const struct ct_model *model;

		open_sockets(fake);
		fake_event(fake, 0, 3, CT_EV_SOCKETPAIR, 0, 77, 78);
		fake_event(fake, 0, 4, CT_EV_SEND, CT_F_REQUEST, 77, 5);
		fake_event(fake, 1, 5, CT_EV_RECV, 0, 78, cases[i].read);
		if (!cases[i].returned) /* what was read was of another write */
			fake_event(fake, 0, 6, CT_EV_SEND, CT_F_BLOCKED, 77, 5);
		fake_event(fake, 1, 7, CT_EV_RECV, CT_F_REQUEST, 78, 0);
		fake_event(fake, 0, 8, CT_EV_SEND, cases[i].returned ? CT_F_BLOCKED : CT_F_REQUEST,
			   77, 5);
		model = fake_run(fake, NULL);
		assert_int_equal(ct_traffic_may_wake(model, model->threads[1]), cases[i].may_wake);
		fake_free(fake);
	}
}

static void test_names(void **state)
{
	struct fake_trace *fake = new_fake(2);
	const struct ct_model *model;
	struct ct_naming naming;
	struct ct_trace_name file = {
		.process = 1, .object = CT_KERNEL_KEY(CT_KERNEL_FILE, 9), .name = "/tmp/data"};

	(void)state;
	fake_socket(fake, 10, 77, "127.0.0.1:80", "");
	fake_socket(fake, 10, 78, "127.0.0.1:5", "127.0.0.1:80");
	fake_name(fake, &file);
	open_sockets(fake);
	fake_event(fake, 0, 3, CT_EV_MSGGET, 0, QUEUE, 0);
	fake_event(fake, 0, 4, CT_EV_FD_OPEN, 0, COUNTER, CT_FD_ARG(5, 3));
	fake_payload(fake, 0, 5, CT_EV_FLOCK,
		     &(struct ct_payload_file_lock){file.object, .mode = 1},
		     sizeof(struct ct_payload_file_lock));
	model = fake_run(fake, NULL);
	ct_naming_init(&naming, model, NULL);
	assert_string_equal(ct_name_object(&naming, object_at(model, 77, 0)),
			    "socket at 127.0.0.1:80");
	assert_string_equal(ct_name_object(&naming, object_at(model, 78, 0)),
			    "socket to 127.0.0.1:80");
	assert_string_equal(ct_name_object(&naming, object_at(model, QUEUE, 0)), "queue 5");
	assert_string_equal(ct_name_object(&naming, object_at(model, COUNTER, 0)), "E1 (eventfd)");
	assert_string_equal(ct_name_object(&naming, object_at(model, file.object, 0)), "/tmp/data");
	ct_naming_fini(&naming);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_object_for_all_processes),
		cmocka_unit_test(test_lives_of_kernel_objects),
		cmocka_unit_test(test_spaces_of_addresses),
		cmocka_unit_test(test_c11_is_as_posix),
		cmocka_unit_test(test_counters_order),
		cmocka_unit_test(test_semaphores_order),
		cmocka_unit_test(test_what_orders_nothing),
		cmocka_unit_test(test_annotations_order),
		cmocka_unit_test(test_ends_of_connections),
		cmocka_unit_test(test_writes_return_late),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("model_kernel", tests, NULL, NULL);
}
