# The record of a program that hangs ends where the hang begins: of a wait that goes on it is said
# that it does, not how short it was.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile crossed <<'C'
#include <pthread.h>

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER, log_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void take(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *cross(void *unused)
{
	take(&log_lock, &accounts);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	(void)argv;
	pthread_barrier_init(&both, NULL, argc > 1 ? 1 : 2);
	pthread_create(&thread, NULL, cross, NULL);
	if (argc > 1)
		pthread_join(thread, NULL);
	take(&accounts, &log_lock);
	if (argc == 1)
		pthread_join(thread, NULL);
	return 0;
}
C
expect 66 timeout 60 "$CT_BIN" run -o trace --html=page.html ./crossed
has err 'the program hangs'
expect 0 "$CT_BIN" timing trace
for lock in accounts log_lock; do
	has out "lock \`$lock\`, still waiting at the end"
	grep -F 'still waiting at the end)' out | grep -qF "lock \`$lock\`" || fail "$(cat out)"
done
lacks out "0 % (0 s"
[ "$(grep -o 'still waiting at the end' page.html | wc -l)" = 2 ] || fail "not two waits in the page"

# A program that ends has no such wait.
expect 0 timeout 60 "$CT_BIN" run --fail-on=observed -o ended --html=page.html ./crossed one-by-one
expect 0 "$CT_BIN" timing ended
lacks out 'still waiting'
lacks page.html 'still waiting'
