# Suppressions of what is not only told: a hang that `run` would end, deadlocks that `confirm` would
# steer to.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# A hang that is suppressed is neither told nor ended: it goes on until the time is up.
compile selfish <<'C'
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int take(void)
{
	return pthread_mutex_lock(&lock);
}

int main(void)
{
	return take() || take();
}
C
printf '[self-deadlock]\nreason = somebody else ends it\nstack = take < main\n' >hang
expect 124 timeout 60 "$CT_BIN" run --suppressions hang --timeout 3 -o hung ./selfish
lacks err hangs
lacks err 'error['
has err 'suppressed: 1 finding'
printf '[self-deadlock]\nreason = that is another one\nstack = give < main\n' >hang
expect 66 timeout 60 "$CT_BIN" run --suppressions hang --timeout 30 -o ended ./selfish
has err 'the program hangs'
has err 'suppressions: hang:1: [self-deadlock] hid nothing'
echo "ok: a hang"

# Of two circles one is suppressed: the other one is told, and ends the program.
compile circles <<'C'
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER, d = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t left, right;

static void *cross(pthread_mutex_t *first, pthread_mutex_t *second, pthread_barrier_t *both)
{
	pthread_mutex_lock(first);
	pthread_barrier_wait(both);
	pthread_mutex_lock(second);
	return NULL;
}

static void *ab(void *other)
{
	return other ? cross(&a, &b, &left) : cross(&b, &a, &left);
}

static void *cd(void *other)
{
	return other ? cross(&c, &d, &right) : cross(&d, &c, &right);
}

int main(void)
{
	pthread_t threads[4];

	pthread_barrier_init(&left, NULL, 2);
	pthread_barrier_init(&right, NULL, 2);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, i < 2 ? ab : cd, i % 2 ? &a : NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
C
printf '[deadlock]\nreason = x\nobject = a\nobject = b\n' >left
printf '[deadlock]\nreason = x\nobject = c\nobject = d\n' >right
expect 66 timeout 60 "$CT_BIN" run --suppressions left --timeout 30 -o part ./circles
[ "$(grep -c 'the program hangs: ' err)" = 1 ] || fail "$(cat err)"
grep 'the program hangs: ' err >told
[ "$(grep -c '^error\[' err)" = 1 ] || fail "$(cat err)"
grep '^error\[' err >>told
has told '`c`'
lacks told '`a`'
has err 'suppressed: 1 finding'
expect 124 timeout 60 "$CT_BIN" run --suppressions left --suppressions right --timeout 3 \
	-o whole ./circles
lacks err hangs
has err 'suppressed: 2 findings'
echo "ok: a part of a hang"

# What is suppressed is not steered to, either.
"$CT_BIN" cc gcc -g -O0 -pthread -o three "$CT_SOURCE/tests/e2e/three_findings.c"
expect 66 timeout 60 "$CT_BIN" run -q -o trace ./three
printf '[lock-order]\nreason = x\nobject = a\n' >supp
expect 0 timeout 60 "$CT_BIN" confirm --attempts 1 --suppressions supp trace
has err 'finding 1 ('
has err '`c`'
lacks err '`a`'
lacks err 'finding 2 ('
printf '[*]\nreason = x\n' >supp
expect 0 timeout 60 "$CT_BIN" confirm --suppressions supp trace
has err 'there is no deadlock among the findings of trace that could be tried'
lacks err attempt
echo "ok: confirm"
