# The same verdict from outside, of a program that was merely started with LD_PRELOAD.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile crossed <<'C'
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *forth(void *unused)
{
	pthread_mutex_lock(&first);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&second);
	return unused;
}

static void *back(void *unused)
{
	pthread_mutex_lock(&second);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&first);
	return unused;
}

static void *idle(void *unused)
{
	for (;;)
		sleep(1);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	pthread_barrier_init(&both, NULL, 2);
	if (strcmp(argv[argc - 1], "well") == 0) {
		pthread_create(&threads[0], NULL, idle, NULL);
		pthread_exit(NULL); /* the first thread's lists in /proc are empty then */
	}
	pthread_create(&threads[0], NULL, forth, NULL);
	pthread_create(&threads[1], NULL, back, NULL);
	pthread_join(threads[0], NULL);
	return 0;
}
C

# begin ARGUMENT: starts it, its trace in t; returns when it is recorded
begin() {
	rm -rf t
	CONCTRACE_OPTIONS="dir=$PWD/t" LD_PRELOAD="$CT_LIB" ./crossed "$1" &
	pid=$!
	for _ in $(seq 100); do
		[ -e t/conctrace.crossed.$pid/.live/p1.t"$2" ] && return
		sleep 0.05
	done
	fail "it is not recorded"
}

begin crossed 2
trap 'kill -9 $pid 2>/dev/null || :; rm -rf "$work"' EXIT
sleep 0.2
expect 66 "$CT_BIN" watch $pid
has out 'it hangs: '
has out 'T2 waits to lock `second`, held by T3'
has out 'main joins T2, until the end of T2'
expect 66 "$CT_BIN" watch t/conctrace.crossed.$pid

kill -STOP $pid
sleep 0.1
expect 0 "$CT_BIN" watch $pid
has out "process $pid is stopped"
kill -CONT $pid

# a picture that stays is shown once, and one of the end
"$CT_BIN" watch --follow $pid >followed &
follower=$!
sleep 1.7
kill -9 $pid
wait $pid 2>/dev/null || :
status=0
wait $follower || status=$?
[ $status = 66 ] || fail "--follow ended with $status"
[ "$(grep -c 'it hangs: ' followed)" = 1 ] || fail "$(cat followed)"
has followed 'it hung: '
expect 66 "$CT_BIN" watch t/conctrace.crossed.$pid
has out 'it hung: '

begin well 0 # the second thread may go on with the lane of the first
sleep 0.2
expect 0 "$CT_BIN" watch $pid
has out 'T2 sleeps'
has out 'no hang could be proved: '
timeout -s INT 1 "$CT_BIN" watch --follow $pid >followed || :
has followed 'no hang could be proved: '
# Ctrl-C counts at any time
for seconds in 0.02 0.05 0.08 0.11 0.14 0.2 0.4; do
	expect 124 timeout -s INT -k 5 $seconds "$CT_BIN" watch --follow $pid
done
kill $pid
wait $pid 2>/dev/null || :
expect 0 "$CT_BIN" watch t/conctrace.crossed.$pid
has out 'nothing says that it hung'

# threads that hung when their process ended are told of as `report` does
compile parted <<'C'
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *lock(void *first)
{
	pthread_mutex_lock(first);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(first == &a ? &b : &a);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&threads[0], NULL, lock, &a);
	pthread_create(&threads[1], NULL, lock, &b);
	usleep(300000);
	return 0;
}
C
expect 66 "$CT_BIN" run -o parted.trace ./parted
has err 'error[deadlock]'
expect 66 "$CT_BIN" watch parted.trace
has out 'it hung: '
has out 'T2 waits to lock `b`, held by T3'

expect 2 "$CT_BIN" watch $pid
has err "there is no process $pid"
expect 2 "$CT_BIN" watch $$
has err 'is not recorded'
expect 2 "$CT_BIN" watch
expect 2 "$CT_BIN" watch nothing
