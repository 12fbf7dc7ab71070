/* record/unwind_gate: threads together, and forks while one of them is inside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/unwind.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX 32
#define LEVELS 6
#define NOINLINE __attribute__((noinline))
#define CALLER ((uintptr_t)__builtin_return_address(0))
#define STAY() __asm__ volatile("")

enum verdict { RIGHT, CALLER_ONLY, WRONG };

static _Thread_local uintptr_t truth[LEVELS];
static _Thread_local uintptr_t stack_high;

static NOINLINE enum verdict hook(void)
{
	struct ct_unwind_frame frames[MAX];
	unsigned count = ct_unwind_stack(CALLER, stack_high, MAX, frames);

	if (count == 1)
		return frames[0].pc == CALLER && frames[0].slot == 0 ? CALLER_ONLY : WRONG;
	for (unsigned i = 0; i < LEVELS; i++)
		if (i + 1 >= count || frames[i + 1].pc != truth[i])
			return WRONG;
	return RIGHT;
}

static NOINLINE enum verdict recurse(unsigned level)
{
	enum verdict verdict;

	truth[level] = CALLER;
	verdict = level > 0 ? recurse(level - 1) : hook();
	STAY();
	return verdict;
}

static enum verdict unwind(void)
{
	pthread_attr_t attributes;
	size_t size;
	void *low;

	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return WRONG;
	pthread_attr_getstack(&attributes, &low, &size);
	pthread_attr_destroy(&attributes);
	stack_high = (uintptr_t)low + size;
	return recurse(LEVELS - 1);
}

/* Many threads at once: a stack is right, or it is the caller alone. */
static void *crowd(void *unused)
{
	(void)unused;
	for (int i = 0; i < 300; i++)
		if (unwind() == WRONG)
			return "a stack is wrong";
	return NULL;
}

static void test_many_threads(void **state)
{
	pthread_t ids[8];
	void *verdict;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&ids[i], NULL, crowd, NULL), 0);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(ids[i], &verdict), 0);
		assert_null(verdict);
	}
}

static enum verdict unwind_in_child(void)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		ct_unwind_after_fork();
		_exit(unwind());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return (enum verdict)WEXITSTATUS(status);
}

static void test_child_of_a_fork_unwinds(void **state)
{
	(void)state;
	assert_int_equal(unwind_in_child(), RIGHT);
	ct_unwind_before_fork();
	assert_int_equal(unwind(), CALLER_ONLY);
	assert_int_equal(unwind_in_child(), RIGHT);
	ct_unwind_after_fork_parent();
	assert_int_equal(unwind(), RIGHT);
}

static pthread_barrier_t held, released;

static void *holder(void *unused)
{
	(void)unused;
	ct_unwind_before_fork();
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&released);
	ct_unwind_after_fork_parent();
	return NULL;
}

static void test_fork_while_another_thread_is_inside(void **state)
{
	pthread_t id;

	(void)state;
	assert_int_equal(pthread_barrier_init(&held, NULL, 2), 0);
	assert_int_equal(pthread_barrier_init(&released, NULL, 2), 0);
	assert_int_equal(pthread_create(&id, NULL, holder, NULL), 0);
	pthread_barrier_wait(&held);
	assert_int_equal(unwind(), CALLER_ONLY); /* waits, but not for ever */
	ct_unwind_after_fork_parent();		 /* not ours to open */
	assert_int_equal(unwind_in_child(), CALLER_ONLY);
	pthread_barrier_wait(&released);
	assert_int_equal(pthread_join(id, NULL), 0);
	assert_int_equal(unwind(), RIGHT);
	assert_int_equal(pthread_barrier_destroy(&held), 0);
	assert_int_equal(pthread_barrier_destroy(&released), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_threads),
		cmocka_unit_test(test_child_of_a_fork_unwinds),
		cmocka_unit_test(test_fork_while_another_thread_is_inside),
	};

	if (ct_unwind_init() != 0)
		return 77; /* no libunwind, or libc before 2.35: skipped */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
