/*
 * Teaches: counting up is three steps - load, add, store - and two threads can get between them.
 *
 * Two threads take a reference to one object. Load, add, store of the one and then of the other
 * make 2; if both load before either stores, the count is 1, and the object is freed too early.
 *
 *   refcount          the second thread comes 50 ms later: prints 2, as nearly always
 *   refcount --lost   both load before either stores: prints 1
 *   refcount --fixed  an atomic addition is one step: prints 2, whatever happens
 *
 * Built for recording accesses (build/demos/race/refcount, or conctrace cc): rule data-race on
 * `object.count` of the first two, with what the threads do side by side; nothing of the last.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static struct {
	int count;
} object;
static pthread_barrier_t both_have_loaded;
static int lost, fixed;

static void take_reference(void)
{
	int count;

	if (fixed) {
		__atomic_fetch_add(&object.count, 1, __ATOMIC_RELAXED);
		return;
	}
	count = object.count; /* load */
	count = count + 1;    /* add */
	if (lost)
		pthread_barrier_wait(&both_have_loaded);
	object.count = count; /* store */
}

static void *early(void *unused)
{
	take_reference();
	return unused;
}

static void *late(void *unused)
{
	if (!lost)
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	take_reference();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	lost = argc > 1 && strcmp(argv[1], "--lost") == 0;
	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	pthread_barrier_init(&both_have_loaded, NULL, 2);
	pthread_create(&threads[0], NULL, early, NULL);
	pthread_create(&threads[1], NULL, late, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("references: %d\n", object.count);
	return 0;
}
