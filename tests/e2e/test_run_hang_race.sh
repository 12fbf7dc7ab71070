# A program compiled for data races that races and then hangs: the report tells of both.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cat >both.c <<'C'
#include <pthread.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t met;
static int counter;

static void take(pthread_mutex_t *one, pthread_mutex_t *other)
{
#ifndef FIXED
	counter++;
#endif
	pthread_mutex_lock(one);
	pthread_barrier_wait(&met);
	pthread_mutex_lock(other);
}

static void *work(void *unused)
{
	take(&second, &first);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&met, NULL, 2);
	pthread_create(&thread, NULL, work, NULL);
	take(&first, &second);
	return pthread_join(thread, NULL);
}
C

"$CT_BIN" cc -- "${CT_CC:-cc}" -g -O0 -pthread -o both both.c
expect 66 timeout 60 "$CT_BIN" run -o trace --sarif sarif ./both
has err 'error[deadlock]'
has err 'error[data-race]: data race on `counter`'
has err 'the program hung and was ended'
has sarif '"ruleId": "deadlock"'
has sarif '"ruleId": "data-race"'
# as the trace says when it is read again
expect 66 "$CT_BIN" report trace
has out 'error[deadlock]'
has out 'error[data-race]: data race on `counter`'

"$CT_BIN" cc -- "${CT_CC:-cc}" -DFIXED -g -O0 -pthread -o fixed both.c
expect 66 timeout 60 "$CT_BIN" run ./fixed
has err 'error[deadlock]'
lacks err data-race
