/* model/units: what counts as a lock beside the locks, as of when, and for whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/sem.h>

#include "fake_trace.h"
#include "model/lockorder.h"

#define MUTEX 64
#define SEM 128
#define SET CT_KERNEL_KEY(CT_KERNEL_SEM, CT_SEM_ALL)
#define UNIT CT_KERNEL_KEY(CT_KERNEL_SEM, 0)
#define FILE_KEY CT_KERNEL_KEY(CT_KERNEL_FILE, 9)
#define OTHER_FILE CT_KERNEL_KEY(CT_KERNEL_FILE, 10)

enum { PREDICTED = 1, POTENTIAL = 2, NOTHING = 3 };

/* What is said of the trace. */
static int told(struct fake_trace *fake)
{
	struct ct_lockorder *order;
	struct ct_observer observer;
	struct ct_error error;
	int result = NOTHING;

	fake_model(fake);
	assert_int_equal(ct_lockorder_new(fake->model, &order), CT_OK);
	observer = ct_lockorder_observer(order);
	assert_int_equal(ct_model_run(fake->model, &observer, 1, &error), CT_OK);
	assert_int_equal(ct_lockorder_cycles(order), CT_OK);
	if (order->cycle_count)
		result = order->cycles[0]->reachable ? PREDICTED : POTENTIAL;
	ct_lockorder_free(order);
	fake_free(fake);
	return result;
}

static struct fake_trace *threads(void)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(fake, 1, t);
	return fake;
}

static struct fake_trace *processes(void)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_process(fake, 2, 1, 1, 0, "./prog");
	fake_thread(fake, 2, 1);
	return fake;
}

/* Both orders of a semaphore and a mutex; the semaphore begins with `value`. */
static struct fake_trace *with_semaphore(uint64_t value)
{
	struct fake_trace *fake = threads();

	fake_event(fake, 0, 1, CT_EV_SEM_INIT, 0, SEM, value);
	fake_event(fake, 0, 10, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, 0, 11, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	fake_event(fake, 0, 12, CT_EV_MUTEX_UNLOCK, 0, MUTEX, 0);
	fake_event(fake, 0, 13, CT_EV_SEM_POST, 0, SEM, 0);
	fake_event(fake, 1, 20, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	fake_event(fake, 1, 21, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, 1, 22, CT_EV_SEM_POST, 0, SEM, 0);
	fake_event(fake, 1, 23, CT_EV_MUTEX_UNLOCK, 0, MUTEX, 0);
	return fake;
}

static void test_semaphores(void **state)
{
	struct fake_trace *fake = with_semaphore(1);

	(void)state;
	assert_int_equal(told(with_semaphore(1)), PREDICTED);
	assert_int_equal(told(with_semaphore(2)), NOTHING);
	/* somebody posts who did not take */
	fake_event(fake, 2, 30, CT_EV_SEM_POST, 0, SEM, 0);
	assert_int_equal(told(fake), NOTHING);
	/* one who took it never gives it back, and another takes a second unit */
	fake = with_semaphore(1);
	fake_event(fake, 2, 30, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, 1, 31, CT_EV_SEM_WAIT, 0, SEM, 0);
	assert_int_equal(told(fake), NOTHING);
}

static void semop_by(struct fake_trace *fake, size_t thread, uint64_t time, int amount, int flags)
{
	struct {
		struct ct_payload_sem_ops head;
		struct ct_sem_op op;
	} CT_PACKED ops = {{SET, 1}, {0, (uint16_t)amount, (uint16_t)flags}};

	fake_payload(fake, thread, time, CT_EV_SEMOP, &ops, sizeof(ops));
}

/* Both orders of a System V semaphore and a mutex. */
static struct fake_trace *with_sysv(uint64_t value, int take)
{
	struct fake_trace *fake = threads();

	fake_event(fake, 0, 1, CT_EV_SEMCTL_SET, 0, UNIT, value);
	semop_by(fake, 0, 10, take, 0);
	fake_event(fake, 0, 11, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	fake_event(fake, 0, 12, CT_EV_MUTEX_UNLOCK, 0, MUTEX, 0);
	semop_by(fake, 0, 13, -take, SEM_UNDO);
	fake_event(fake, 1, 20, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	semop_by(fake, 1, 21, take, 0);
	semop_by(fake, 1, 22, -take, 0);
	fake_event(fake, 1, 23, CT_EV_MUTEX_UNLOCK, 0, MUTEX, 0);
	return fake;
}

static void test_sysv(void **state)
{
	struct fake_trace *fake = with_sysv(1, -1);

	(void)state;
	assert_int_equal(told(with_sysv(1, -1)), PREDICTED);
	assert_int_equal(told(with_sysv(2, -1)), NOTHING);
	assert_int_equal(told(with_sysv(2, -2)), NOTHING);
	/* given another value later on */
	fake_event(fake, 2, 30, CT_EV_SEMCTL_SET, 0, UNIT, 1);
	assert_int_equal(told(fake), NOTHING);
}

static void lock_by(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t file,
		    uint16_t mode, uint16_t owner, uint64_t length)
{
	struct ct_payload_file_lock lock = {file, 0, length, 3 + (uint32_t)thread, mode, owner};

	fake_payload(fake, thread, time, CT_EV_FCNTL_LOCK, &lock, sizeof(lock));
}

/* Both orders of two files, `mode` for the inner ones. */
static struct fake_trace *with_files(struct fake_trace *fake, uint16_t outer, uint16_t inner,
				     uint16_t owner)
{
	static const uint64_t files[] = {FILE_KEY, OTHER_FILE};

	for (size_t t = 0; t < 2; t++) {
		uint64_t time = 10 * t + 10;

		lock_by(fake, t, time, files[t], outer, owner, 0);
		lock_by(fake, t, time + 1, files[1 - t], inner, owner, 0);
		lock_by(fake, t, time + 2, files[1 - t], CT_FILE_UNLOCK, owner, 0);
		lock_by(fake, t, time + 3, files[t], CT_FILE_UNLOCK, owner, 0);
	}
	return fake;
}

static void test_files(void **state)
{
	struct fake_trace *fake;

	(void)state;
	assert_int_equal(told(with_files(processes(), CT_FILE_EXCLUSIVE, CT_FILE_EXCLUSIVE,
					 CT_OWNER_PROCESS)),
			 PREDICTED);
	assert_int_equal(
		told(with_files(processes(), CT_FILE_SHARED, CT_FILE_EXCLUSIVE, CT_OWNER_PROCESS)),
		PREDICTED);
	assert_int_equal(
		told(with_files(processes(), CT_FILE_SHARED, CT_FILE_SHARED, CT_OWNER_PROCESS)),
		NOTHING);
	/* threads of a process are one owner, with open files of their own they are two */
	assert_int_equal(
		told(with_files(threads(), CT_FILE_EXCLUSIVE, CT_FILE_EXCLUSIVE, CT_OWNER_PROCESS)),
		NOTHING);
	assert_int_equal(
		told(with_files(threads(), CT_FILE_EXCLUSIVE, CT_FILE_EXCLUSIVE, CT_OWNER_FLOCK)),
		PREDICTED);
	/* parts of a file are no such lock */
	fake = with_files(processes(), CT_FILE_EXCLUSIVE, CT_FILE_EXCLUSIVE, CT_OWNER_PROCESS);
	lock_by(fake, 0, 50, FILE_KEY, CT_FILE_EXCLUSIVE, CT_OWNER_PROCESS, 100);
	assert_int_equal(told(fake), NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_semaphores),
		cmocka_unit_test(test_sysv),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("model_units", tests, NULL, NULL);
}
