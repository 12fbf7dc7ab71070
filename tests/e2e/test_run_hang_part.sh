# Two threads wait for each other while others go on: it is told within 2 s, and --on-hang decides.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# part LOCK HOW SECONDS: two threads in a circle over mutexes or spin locks, or one process that
# waits for itself; main meanwhile sleeps or burns time, then exits with 3
compile part <<'C'
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct locks {
	pthread_mutex_t mutexes[2];
	pthread_spinlock_t spins[2];
	pthread_barrier_t barrier;
};

static struct locks *locks;
static int spin;

static void lock(int which)
{
	if (spin)
		pthread_spin_lock(&locks->spins[which]);
	else
		pthread_mutex_lock(&locks->mutexes[which]);
}

static void *cross(void *first)
{
	int which = first ? 1 : 0;

	lock(which);
	pthread_barrier_wait(&locks->barrier);
	lock(!which);
	return NULL;
}

static void init(void)
{
	pthread_mutexattr_t mutex;
	pthread_barrierattr_t barrier;

	locks = mmap(NULL, sizeof(*locks), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_barrierattr_init(&barrier);
	pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&locks->barrier, &barrier, 2);
	for (int i = 0; i < 2; i++) {
		pthread_mutex_init(&locks->mutexes[i], &mutex);
		pthread_spin_init(&locks->spins[i], PTHREAD_PROCESS_SHARED);
	}
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + atoi(argv[3]);
	pthread_t thread;
	volatile long turns = 0;

	(void)argc;
	init();
	spin = strcmp(argv[1], "spin") == 0;
	for (long i = 0; i < 2; i++) {
		if (strcmp(argv[1], "processes") != 0)
			pthread_create(&thread, NULL, cross, (void *)i);
		else if (fork() == 0)
			_exit(cross((void *)i) != NULL);
	}
	if (strcmp(argv[2], "sleep") == 0)
		sleep((unsigned)atoi(argv[3]));
	else
		while (time(NULL) < end)
			turns++;
	return 3;
}
C

for locks in mutexes spin processes; do
	for how in sleep burn; do
		expect 66 timeout 60 "$CT_BIN" run --force -o t ./part $locks $how 2
		has err 'conctrace: a part of the program hangs, while others go on: '
		has err 'error[deadlock]'
		found=$(sed -n 's/.*(found \([0-9]*\)\.[0-9]* s after.*/\1/p' err)
		[ "$(grep -c 'a part of the program hangs' err)" = 1 ] || fail "told more than once"
		[ "$found" -lt 2 ] || fail "$locks, $how: found after $found s"
		[ $locks = processes ] || has err 'the program exited with status 3'
	done
done

start=$(date +%s)
expect 66 timeout 60 "$CT_BIN" run --on-hang=kill ./part mutexes sleep 30
has err 'the program hung and was ended'
expect 66 timeout 60 "$CT_BIN" run --on-hang=kill ./part spin burn 30
expect 66 timeout 60 "$CT_BIN" run --timeout 2 ./part mutexes burn 30
has err 'the program was ended after 2 s, the time limit'
[ $(($(date +%s) - start)) -lt 25 ] || fail "it was not ended"

# the core file may go anywhere, if there is one at all: the status of the program tells
ulimit -c 0
expect 66 timeout 60 "$CT_BIN" run --on-hang=abort sh -c './part mutexes sleep 30; echo $? >status'
case $(cat status) in
134 | 262) ;;
*) fail "ended by $(cat status), not by SIGABRT" ;;
esac

if command -v gdb >/dev/null; then
	expect 66 timeout 100 "$CT_BIN" run --on-hang=gdb ./part mutexes sleep 60
	has err 'cross (first='
fi
expect 2 "$CT_BIN" run --on-hang=panic true
has err 'kill, continue, abort or gdb'
