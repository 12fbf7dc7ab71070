/*
 * C11: mtx_plain, mtx_recursive and mtx_timed, cnd_t, call_once, tss_t with a destructor, threads
 * that are joined and detached.
 */
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static mtx_t plain, recursive, timed;
static cnd_t changed;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int turns, values;

static void begin(void)
{
	values++;
}

static void drop(void *value)
{
	mtx_lock(&plain);
	values--;
	mtx_unlock(&plain);
	free(value);
}

static int use(void *unused)
{
	(void)unused;
	call_once(&once, begin);
	tss_set(key, malloc(1));
	mtx_lock(&recursive);
	mtx_lock(&recursive);
	mtx_unlock(&recursive);
	mtx_unlock(&recursive);
	mtx_lock(&plain);
	values++;
	turns++;
	cnd_broadcast(&changed);
	mtx_unlock(&plain);
	return 3;
}

static int try_timed(void *unused)
{
	struct timespec soon;

	(void)unused;
	timespec_get(&soon, TIME_UTC);
	return mtx_trylock(&timed) == thrd_busy && mtx_timedlock(&timed, &soon) == thrd_timedout;
}

int main(void)
{
	thrd_t joined, detached, trying;
	int result, timed_out;

	mtx_init(&plain, mtx_plain);
	mtx_init(&recursive, mtx_plain | mtx_recursive);
	mtx_init(&timed, mtx_timed);
	cnd_init(&changed);
	tss_create(&key, drop);
	thrd_create(&joined, use, NULL);
	thrd_create(&detached, use, NULL);
	thrd_detach(detached);
	mtx_lock(&plain);
	while (turns < 2)
		cnd_wait(&changed, &plain);
	mtx_unlock(&plain);
	thrd_join(joined, &result);
	mtx_lock(&timed);
	thrd_create(&trying, try_timed, NULL);
	thrd_join(trying, &timed_out);
	mtx_unlock(&timed);
	mtx_destroy(&timed);
	mtx_destroy(&recursive);
	return result == 3 && timed_out ? 0 : 1;
}
