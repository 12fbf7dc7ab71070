/* access/trap/rendezvous: who is held is met once, whatever becomes of the processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/trap/rendezvous.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/trap/site.h"
#include "sys/kernel.h"

#define NOW 5000u
#define GONE (NOW + 1001u)

static struct ct_held_access places[CT_HELD_ACCESSES];

static int setup(void **state)
{
	(void)state;
	memset(places, 0, sizeof(places));
	return 0;
}

static struct ct_held_access write_of(uint32_t tid, uint64_t start)
{
	return (struct ct_held_access){.process = 1,
				       .tid = tid,
				       .size = 4,
				       .flags = CT_SITE_WRITES,
				       .space = 7,
				       .start = start,
				       .number = tid,
				       .pc = 0x1000};
}

static struct ct_held_place hold(uint32_t tid)
{
	struct ct_held_access what = write_of(tid, 64);
	struct ct_held_place place;

	assert_true(ct_rendezvous_hold(places, &what, NOW, &place));
	return place;
}

static bool look(const struct ct_held_place *at, uint32_t now_ms, struct ct_held_place *out)
{
	struct ct_held_access what;

	if (!ct_rendezvous_look(places, (uint32_t)(at->at - places), now_ms, &what, out))
		return false;
	assert_int_equal(what.start, 64);
	assert_int_equal(what.pc, 0x1000);
	return true;
}

static void test_nobody_comes(void **state)
{
	struct ct_held_place place = hold(1), seen;

	(void)state;
	assert_true(look(&place, NOW, &seen));
	ct_rendezvous_wait(&place, ct_sys_time() + 1000000);
	assert_false(ct_rendezvous_leave(&place));
	assert_false(look(&place, NOW, &seen));
}

static void test_one_comes(void **state)
{
	struct ct_held_place place = hold(1), first, second;

	(void)state;
	assert_true(look(&place, NOW, &first));
	assert_true(look(&place, NOW, &second));
	assert_true(ct_rendezvous_meet(&first));
	assert_false(ct_rendezvous_meet(&second));
	assert_false(look(&place, NOW, &second));
	ct_rendezvous_wait(&place, UINT64_MAX); /* has an end */
	assert_true(ct_rendezvous_leave(&place));
}

static void test_who_is_gone_is_not_met(void **state)
{
	struct ct_held_place before = hold(1), seen, after;

	(void)state;
	assert_true(look(&before, NOW, &seen));
	assert_false(ct_rendezvous_leave(&before));
	after = hold(1);
	assert_ptr_equal(after.at, before.at);
	assert_false(ct_rendezvous_meet(&seen));
	assert_false(ct_rendezvous_leave(&before));
	assert_false(ct_rendezvous_leave(&after));
}

static void test_places_of_the_dead(void **state)
{
	struct ct_held_place old[CT_HELD_ACCESSES], place, seen;
	struct ct_held_access what = write_of(99, 64);

	(void)state;
	for (uint32_t i = 0; i < CT_HELD_ACCESSES; i++)
		old[i] = hold(i + 1);
	assert_false(ct_rendezvous_hold(places, &what, NOW, &place));
	assert_false(ct_rendezvous_hold(places, &what, NOW - 5, &place)); /* a clock behind */
	assert_true(ct_rendezvous_hold(places, &what, GONE, &place));
	assert_false(ct_rendezvous_leave(&old[0])); /* it was only stopped */
	ct_rendezvous_wait(&old[0], UINT64_MAX);
	assert_true(look(&place, GONE, &seen));
	assert_true(ct_rendezvous_meet(&seen));
	assert_true(ct_rendezvous_leave(&place));
}

static void test_held_too_long(void **state)
{
	struct ct_held_place place = hold(1), seen;

	(void)state;
	assert_true(look(&place, NOW - 5, &seen));
	assert_true(look(&place, NOW + 100, &seen));
	assert_false(look(&place, NOW + 101, &seen));
}

/* One who was stopped amid announcing goes on when the place is another's. */
static void test_fields_of_two(void **state)
{
	struct ct_held_place place = hold(1), seen;

	(void)state;
	for (size_t i = offsetof(struct ct_held_access, process); i < sizeof(places[0]); i++) {
		((unsigned char *)place.at)[i] ^= 0x10;
		assert_false(look(&place, NOW, &seen));
		((unsigned char *)place.at)[i] ^= 0x10;
	}
	assert_true(look(&place, NOW, &seen));
}

static bool conflict(const struct ct_held_access *a, const struct ct_held_access *b)
{
	bool found = ct_rendezvous_conflict(a, b);

	assert_int_equal(ct_rendezvous_conflict(b, a), found);
	return found;
}

static void test_conflict_of_bytes(void **state)
{
	struct ct_held_access a = write_of(1, 64), b = write_of(2, 64);

	(void)state;
	assert_true(conflict(&a, &b));
	assert_false(conflict(&a, &a)); /* a thread with itself */
	b.start = 67;
	assert_true(conflict(&a, &b));
	b.start = 68;
	assert_false(conflict(&a, &b));
	b.start = UINT64_MAX; /* nothing overflows */
	b.size = UINT32_MAX;
	assert_false(conflict(&a, &b));
	b = write_of(2, 64);
	b.space = 8;
	assert_false(conflict(&a, &b));
}

static void test_conflict_of_kinds(void **state)
{
	struct ct_held_access a = write_of(1, 64), b = write_of(1, 64);

	(void)state;
	b.process = 2;
	b.flags = CT_SITE_READS;
	assert_true(conflict(&a, &b));
	a.flags = CT_SITE_READS;
	assert_false(conflict(&a, &b));
	a.flags = b.flags = CT_SITE_WRITES;
	a.flags |= CT_SITE_LOCKED;
	assert_true(conflict(&a, &b));
	b.flags |= CT_SITE_LOCKED;
	assert_false(conflict(&a, &b));
}

/* Many at once, in several processes, some of which are killed. */

#define PROCESSES 4
#define THREADS 3
#define KILLS 40
#define NUMBERS (1u << 20)

struct world {
	struct ct_held_access places[CT_HELD_ACCESSES];
	uint32_t stop, numbers, broken;
	unsigned char holder[NUMBERS], comer[NUMBERS]; /* who said that they have met */
	unsigned char ended[NUMBERS];		       /* the holder has left */
};

static uint32_t now_ms(void)
{
	return (uint32_t)(ct_sys_time() / 1000000u);
}

static void be_held(struct world *w, struct ct_held_access *mine)
{
	struct ct_held_place place;

	mine->number = __atomic_fetch_add(&w->numbers, 1, __ATOMIC_RELAXED) % NUMBERS;
	if (!ct_rendezvous_hold(w->places, mine, now_ms(), &place))
		return;
	ct_rendezvous_wait(&place, ct_sys_time() + 50000);
	w->holder[mine->number] = ct_rendezvous_leave(&place);
	w->ended[mine->number] = 1;
}

static void come(struct world *w, const struct ct_held_access *mine)
{
	for (uint32_t i = 0; i < CT_HELD_ACCESSES; i++) {
		struct ct_held_access held;
		struct ct_held_place place;

		if (!ct_rendezvous_look(w->places, i, now_ms(), &held, &place))
			continue;
		if (held.start % 64 || held.size != 4 || held.pc != held.start + held.tid)
			w->broken = 1;
		if (ct_rendezvous_conflict(&held, mine) && ct_rendezvous_meet(&place))
			w->comer[held.number]++;
	}
}

static void *take_part(void *world)
{
	struct world *w = world;
	unsigned seed = ct_sys_tid();

	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
		struct ct_held_access mine = write_of(ct_sys_tid(), 64 * (rand_r(&seed) % 3u));

		mine.pc = mine.start + mine.tid;
		if (rand_r(&seed) % 2)
			be_held(w, &mine);
		else
			come(w, &mine);
	}
	return NULL;
}

static pid_t start_process(struct world *w)
{
	pthread_t threads[THREADS];
	pid_t pid = fork();

	if (pid)
		return pid;
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, take_part, w))
			_exit(1);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static void kill_some(struct world *w, pid_t *processes)
{
	for (int i = 0; i < KILLS; i++) {
		pid_t *victim = &processes[i % (PROCESSES - 1)]; /* one is left alone */
		uint32_t before = __atomic_load_n(&w->numbers, __ATOMIC_RELAXED);

		while (__atomic_load_n(&w->numbers, __ATOMIC_RELAXED) - before < 20)
			sched_yield();
		kill(*victim, SIGKILL);
		waitpid(*victim, NULL, 0);
		*victim = start_process(w);
	}
}

static void check_world(const struct world *w)
{
	uint32_t met = 0;

	assert_false(w->broken);
	assert_true(w->numbers < NUMBERS);
	for (uint32_t i = 0; i < w->numbers; i++) {
		assert_true(w->comer[i] <= 1);
		if (w->ended[i]) /* a comer may have been killed before it said so */
			assert_true(w->holder[i] >= w->comer[i]);
		met += w->comer[i] && w->holder[i];
	}
	assert_true(met > 0);
}

static void test_many_and_killed(void **state)
{
	struct world *w =
		mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct ct_held_access what = write_of(1, 64);
	struct ct_held_place place;
	pid_t processes[PROCESSES];
	int status;

	(void)state;
	assert_ptr_not_equal(w, MAP_FAILED);
	for (int i = 0; i < PROCESSES; i++)
		processes[i] = start_process(w);
	kill_some(w, processes);
	__atomic_store_n(&w->stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(processes[i], &status, 0), processes[i]);
		assert_int_equal(status, 0);
	}
	check_world(w);
	for (uint32_t i = 0; i < CT_HELD_ACCESSES; i++) /* none is lost for ever */
		assert_true(ct_rendezvous_hold(w->places, &what, now_ms() + 2000, &place));
	munmap(w, sizeof(*w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nobody_comes, setup),
		cmocka_unit_test_setup(test_one_comes, setup),
		cmocka_unit_test_setup(test_who_is_gone_is_not_met, setup),
		cmocka_unit_test_setup(test_places_of_the_dead, setup),
		cmocka_unit_test_setup(test_held_too_long, setup),
		cmocka_unit_test_setup(test_fields_of_two, setup),
		cmocka_unit_test(test_conflict_of_bytes),
		cmocka_unit_test(test_conflict_of_kinds),
		cmocka_unit_test_setup(test_many_and_killed, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
