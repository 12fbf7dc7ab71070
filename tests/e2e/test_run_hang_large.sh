# A hang at the end of a large record: its end tells, within 2 s; the whole says the same later.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile large <<'C'
#include <pthread.h>

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_mutex_t early = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *work(void *first)
{
	pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
	int which = first ? 1 : 0;

	pthread_mutex_lock(&locks[which]); /* long before the part that is read */
	for (int i = 0; i < 1000000; i++) {
		pthread_mutex_lock(&own);
		pthread_mutex_unlock(&own);
	}
	pthread_mutex_lock(&early);
	pthread_mutex_unlock(&early);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&locks[!which]);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_barrier_init(&both, NULL, 2);
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
C
expect 66 timeout 100 "$CT_BIN" run -o t ./large
has err 'the program hangs: '
has err 'MB of the record, from before the hang, were not read'
has err 'error[deadlock]'
has err 'at work (large.c:12)'
found=$(sed -n 's/.*(found \([0-9]*\)\.[0-9]* s after.*/\1/p' err)
[ "$found" -lt 2 ] || fail "found after $found s"
expect 66 timeout 100 "$CT_BIN" report t
has out 'error[deadlock]'
lacks out 'were not read'
