# A trace whose program was killed unwatched: all of it is read at once, and by others once repaired.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile locks <<'C'
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		pthread_mutex_unlock(&lock);
	}
	kill(getpid(), SIGKILL);
	return 0;
}
C
status=0
CONCTRACE_OPTIONS=trace=$work/t LD_PRELOAD=$CT_LIB ./locks 2>err || status=$?
[ "$status" = 137 ] || fail "status $status"
expect 0 "$CT_BIN" dump t
cp out before
[ "$(grep -c pthread_mutex_lock before)" = 1000 ] || fail "events are lost"
expect 0 "$CT_BIN" repair t
has out 'completed'
expect 0 "$CT_BIN" dump t
cmp -s before out || fail "the repair changed the events: $(diff before out | head)"
expect 0 "$CT_BIN" repair t
has out 'needed no repair'
if command -v babeltrace2 >/dev/null; then
	babeltrace2 t >bt 2>bt.err || fail "babeltrace2: $(tail -3 bt.err)"
	[ ! -s bt.err ] || fail "babeltrace2 warns: $(head -3 bt.err)"
	[ "$(wc -l <bt)" = "$(wc -l <before)" ] || fail "babeltrace2 sees another number of events"
fi

# `run` repairs by itself
expect 137 "$CT_BIN" run -q -o watched ./locks
expect 0 "$CT_BIN" repair watched
has out 'needed no repair'
