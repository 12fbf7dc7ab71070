/* detect: what programs cannot show of things that processes share, of forks that copy a held lock,
 * and of semaphores: the moments around a fork, and records that are not enough. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/detector.h"
#include "fake_trace.h"

enum { SEM = 64, LOCK = 128, SHARED = 4096, PARENT = 0, OTHER = 1, CHILD = 2 };
#define PSHARED_SEM (UINT64_C(1) << 32)
#define PSHARED_LOCK (UINT64_C(1) << 8)

/* A process with two threads, and its child, whose record begins at `birth`. */
static struct fake_trace *family(uint64_t birth)
{
	struct fake_trace *fake = fake_new();

	fake_process(fake, 2, 1, 1, birth, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_thread(fake, 2, 1);
	return fake;
}

static void forked(struct fake_trace *fake, uint64_t from, uint64_t until)
{
	fake_event(fake, PARENT, from, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, PARENT, until, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
}

/* How many findings the detector has about the trace, which is freed. */
static size_t told_by(const struct ct_detector *detector, struct fake_trace *fake)
{
	struct ct_observer observer = {.step = detector->step};
	struct ct_findings findings;
	size_t count;

	assert_int_equal(detector->begin(fake_model(fake), &observer.state), CT_OK);
	assert_int_equal(ct_model_run(fake->model, &observer, 1, NULL), CT_OK);
	ct_findings_init(&findings);
	assert_int_equal(detector->finish(observer.state, fake->model, &findings), CT_OK);
	count = findings.count;
	ct_findings_fini(&findings);
	detector->end(observer.state);
	fake_free(fake);
	return count;
}

/* The child posts its copy at 20 or later. */
static struct fake_trace *copies(uint64_t init_arg, uint64_t parents_wait)
{
	struct fake_trace *fake = family(20);

	fake_event(fake, PARENT, 1, CT_EV_SEM_INIT, 0, SEM, init_arg);
	if (parents_wait && parents_wait < 10)
		fake_event(fake, PARENT, parents_wait, CT_EV_SEM_TRYWAIT, 0, SEM, 0);
	forked(fake, 10, 12);
	fake_event(fake, CHILD, 21, CT_EV_SEM_POST, 0, SEM, 0);
	if (parents_wait > 10)
		fake_event(fake, PARENT, parents_wait, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM, 0);
	return fake;
}

/* The child's record may begin after what its parent did behind the fork. */
static void test_copies(void **state)
{
	(void)state;
	assert_int_equal(told_by(&ct_detect_process_shared, copies(PSHARED_SEM, 15)), 1);
	assert_int_equal(told_by(&ct_detect_process_shared, copies(PSHARED_SEM, 25)), 1);
	assert_int_equal(told_by(&ct_detect_process_shared, copies(PSHARED_SEM, 5)), 0);
}

/* What the child posted to its copy is lost, also if the parent waits when the child is over. */
static void test_copies_in_turn(void **state)
{
	(void)state;
	for (unsigned posts = 0; posts <= 1; posts++) {
		struct fake_trace *fake = copies(PSHARED_SEM, 0);

		fake_event(fake, PARENT, 30, CT_EV_WAITPID, CT_F_BLOCKED, 101, 0);
		if (posts) /* so it is of use in its process */
			fake_event(fake, PARENT, 31, CT_EV_SEM_POST, 0, SEM, 0);
		fake_event(fake, PARENT, 32, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM, 0);
		assert_int_equal(told_by(&ct_detect_process_shared, fake), !posts);
	}
}

/* Another thread of the parent might post one that was not meant to be shared. */
static void test_copies_not_meant(void **state)
{
	(void)state;
	assert_int_equal(told_by(&ct_detect_process_shared, copies(0, 25)), 0);
}

/* What was initialised after the fork is no origin of the child's. */
static void test_initialised_after_fork(void **state)
{
	struct fake_trace *fake = family(20);

	(void)state;
	forked(fake, 10, 12);
	fake_event(fake, PARENT, 13, CT_EV_SEM_INIT, 0, SEM, PSHARED_SEM);
	fake_event(fake, PARENT, 15, CT_EV_SEM_TRYWAIT, 0, SEM, 0);
	fake_event(fake, CHILD, 21, CT_EV_SEM_POST, 0, SEM, 0);
	assert_int_equal(told_by(&ct_detect_process_shared, fake), 0);
}

/* Memory that the child inherits: a lock in it is used by both. */
static struct fake_trace *shared_lock(bool initialised, uint64_t device)
{
	struct fake_trace *fake = family(20);

	fake_map(fake, &(struct ct_trace_map){.process = 1,
					      .time = 1,
					      .start = SHARED,
					      .size = 4096,
					      .device = device,
					      .inode = 7});
	if (initialised)
		fake_event(fake, PARENT, 2, CT_EV_MUTEX_INIT, 0, SHARED, 0);
	forked(fake, 10, 12);
	fake_event(fake, PARENT, 15, CT_EV_MUTEX_LOCK, 0, SHARED, 0);
	fake_event(fake, PARENT, 16, CT_EV_MUTEX_UNLOCK, 0, SHARED, 0);
	fake_event(fake, CHILD, 21, CT_EV_MUTEX_LOCK, 0, SHARED, 0);
	fake_event(fake, CHILD, 22, CT_EV_MUTEX_UNLOCK, 0, SHARED, 0);
	return fake;
}

/* A file may hold what another program initialised; what was lost may be an initialisation. */
static void test_shared_memory(void **state)
{
	static char *problems[] = {(char *)"p1.t1: byte 0: torn"};
	struct fake_trace *fake;

	(void)state;
	assert_int_equal(told_by(&ct_detect_process_shared, shared_lock(true, 0)), 1);
	assert_int_equal(told_by(&ct_detect_process_shared, shared_lock(true, 8)), 1);
	assert_int_equal(told_by(&ct_detect_process_shared, shared_lock(false, 0)), 1);
	assert_int_equal(told_by(&ct_detect_process_shared, shared_lock(false, 8)), 0);
	fake = shared_lock(false, 0);
	fake->trace.problems = problems;
	fake->trace.problem_count = 1;
	assert_int_equal(told_by(&ct_detect_process_shared, fake), 0);
}

/* One in private memory that was meant to be shared may have been copied there with its bytes. */
static void test_copied_into_shared_memory(void **state)
{
	struct fake_trace *fake = shared_lock(false, 0);

	(void)state;
	fake_event(fake, OTHER, 3, CT_EV_MUTEX_INIT, 0, LOCK, PSHARED_LOCK);
	assert_int_equal(told_by(&ct_detect_process_shared, fake), 0);
}

/* The other thread takes the lock at `taken`; the child tries to. */
static struct fake_trace *held_at_fork(uint64_t taken, uint64_t given_back)
{
	struct fake_trace *fake = family(20);

	fake_event(fake, OTHER, taken, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	if (given_back)
		fake_event(fake, OTHER, given_back, CT_EV_MUTEX_UNLOCK, 0, LOCK, 0);
	forked(fake, 10, 14);
	fake_fail(fake, CHILD, 21, CT_EV_MUTEX_TRYLOCK, LOCK, EBUSY);
	return fake;
}

/* Only what was held all the time while the fork was made is certainly held in the child. */
static void test_held_at_fork(void **state)
{
	(void)state;
	assert_int_equal(told_by(&ct_detect_fork_holding, held_at_fork(5, 0)), 1);
	assert_int_equal(told_by(&ct_detect_fork_holding, held_at_fork(5, 30)), 1);
	assert_int_equal(told_by(&ct_detect_fork_holding, held_at_fork(12, 30)), 0);
	assert_int_equal(told_by(&ct_detect_fork_holding, held_at_fork(5, 12)), 0);
}

/* A call that failed for another reason was refused, not full; what sem_init refuses is not used.
 */
static void test_overflow(void **state)
{
	static const struct {
		uint16_t call;
		uint32_t error;
		size_t told;
	} cases[] = {
		{CT_EV_SEM_POST, EOVERFLOW, 1}, {CT_EV_SEM_POST, EINVAL, 0},
		{CT_EV_SEM_INIT, EINVAL, 0},	{CT_EV_SEM_INIT, ENOSYS, 0},
		{CT_EV_SEMOP, ERANGE, 1},	{CT_EV_SEMOP, EAGAIN, 0},
		{CT_EV_SEMCTL_SET, ERANGE, 1},	{CT_EV_MUTEX_LOCK, EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_trace *fake = family(20);

		fake_event(fake, PARENT, 1, CT_EV_SEM_INIT, 0, SEM, 1);
		fake_fail(fake, PARENT, 2, cases[i].call, SEM, cases[i].error);
		assert_int_equal(told_by(&ct_detect_semaphore, fake), cases[i].told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_copies_in_turn),
		cmocka_unit_test(test_copies_not_meant),
		cmocka_unit_test(test_initialised_after_fork),
		cmocka_unit_test(test_shared_memory),
		cmocka_unit_test(test_copied_into_shared_memory),
		cmocka_unit_test(test_held_at_fork),
		cmocka_unit_test(test_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
