# Advice of `timing` on programs that deserve it, and none on those that do not.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile work <<'C'
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t all;
static const char *how;
static int rounds;

static void compute_ms(double ms)
{
	struct timespec t;
	double now, end = 0;

	do {
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
		now = (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
		if (end == 0)
			end = now + ms;
	} while (now < end);
}

static void one_round(void)
{
	if (strcmp(how, "apart") == 0) {
		compute_ms(3);
		return;
	}
	pthread_mutex_lock(&lock);
	if (strcmp(how, "computes") == 0)
		compute_ms(3);
	else
		nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
	pthread_mutex_unlock(&lock);
}

static void *worker(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&all);
	for (int i = 0; i < rounds; i++)
		one_round();
	return NULL;
}

/* HOW THREADS ROUNDS: with the lock held it computes or sleeps; or it computes apart */
int main(int argc, char **argv)
{
	pthread_t threads[8];
	int count = argc == 4 ? atoi(argv[2]) : 0;

	if (count < 1 || count > 8)
		return 2;
	how = argv[1];
	rounds = atoi(argv[3]);
	pthread_barrier_init(&all, NULL, (unsigned)count);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, worker, NULL);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
C

# advice_of HOW THREADS ROUNDS: the rules that are told, in `rules`
advice_of() {
	rm -rf trace
	expect 0 "$CT_BIN" run -q --races=off -o trace -- ./work "$@"
	expect 0 "$CT_BIN" timing trace
	sed -nE 's/^advice\[([a-z-]+)\]:$/\1/p' out >rules
	tr -s '\n ' '  ' <out >report # on one line
}

if [ "$(nproc)" -gt 1 ]; then
	# who waits for whom depends on the scheduler, that the lock is always held does not
	advice_of computes 2 40
	has rules serialized-threads
	has report '`lock` was held for'
fi
lacks rules oversubscribed

# they do not compute, so nothing is serialized that could use a processor
advice_of sleeps 4 60
has rules contended-lock
lacks rules serialized-threads
lacks rules oversubscribed

advice_of apart 2 40
lacks rules serialized-threads
lacks rules contended-lock
lacks rules creation-overhead
