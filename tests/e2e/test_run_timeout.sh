# --timeout ends the program and whatever descends from it, and nothing else.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 124 "$CT_BIN" run --timeout 0.2 -- sleep 1000
has err 'time limit'
expect 0 "$CT_BIN" run --timeout 100 -- true

# a family that does not want to go: one ignores SIGTERM, one left its session and its parent
sleep 1001 &
bystander=$!
expect 124 "$CT_BIN" run --timeout 2 -o family -- sh -c '
	trap "" TERM
	(setsid sh -c "echo \$\$ >orphan; exec sleep 1002" &)
	sh -c "trap \"\" TERM; echo \$\$ >stubborn; while :; do sleep 1003; done" &
	wait'
kill -0 "$bystander" || fail "a process that was not the program's was ended"
kill "$bystander"
for name in orphan stubborn; do
	pid=$(cat "$name")
	gone "$pid" || fail "$name is still there"
done
expect 0 "$CT_BIN" report family

# children that a shell's exec left to conctrace are not the program's
rm -f foreign
expect 124 bash -c "sleep 1004 & echo \$! >foreign; exec '$CT_BIN' run --timeout 0.2 -- sleep 1005"
kill -0 "$(cat foreign)" || fail "a child of the shell was ended"
kill "$(cat foreign)"

# what hangs when the time is up is told, though nobody has seen it before
compile late <<'C'
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *second(void *unused)
{
	pthread_mutex_lock(&b);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&a);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	usleep(argc > 1 ? (useconds_t)atoi(argv[1]) * 1000 : 0);
	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&thread, NULL, second, NULL);
	pthread_mutex_lock(&a);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&b);
	return 0;
}
C
expect 66 "$CT_BIN" run --timeout 0.15 ./late
has err 'the program hangs: '
expect 66 "$CT_BIN" run --timeout 0.15 --on-hang=continue ./late
has err 'the program hangs: '
has err 'time limit'

# what SIGTERM does to the program is not its own doing
compile woken <<'C'
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

static sem_t work;

static void on_term(int signal)
{
	(void)signal;
	sem_post(&work);
}

static void *worker(void *unused)
{
	while (sem_wait(&work) != 0)
		;
	return unused;
}

int main(void)
{
	pthread_t thread;

	sem_init(&work, 0, 0);
	pthread_create(&thread, NULL, worker, NULL);
	signal(SIGTERM, on_term);
	sleep(1000);
	pthread_join(thread, NULL);
	return 0;
}
C
expect 124 "$CT_BIN" run --timeout 0.5 ./woken
has err 'T2 waits for `work`'
