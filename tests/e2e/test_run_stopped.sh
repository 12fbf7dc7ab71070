# Who is stopped is no hang; an interrupt then ends what cannot decide, all of it, and the trace is
# whole.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile family <<'C'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *wait_for_lock(void *unused)
{
	pthread_mutex_lock(&lock);
	return unused;
}

int main(void)
{
	pthread_t thread;
	FILE *file;

	pthread_mutex_lock(&lock);
	pthread_create(&thread, NULL, wait_for_lock, NULL);
	if (fork() == 0)
		for (;;)
			pause();
	file = fopen("pids.new", "w");
	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
	rename("pids.new", "pids");
	pthread_join(thread, NULL);
	return 0;
}
C

# begin OPTION...: runs it in the background
begin() {
	rm -rf t pids
	timeout 60 "$CT_BIN" run -o t "$@" ./family >out 2>err </dev/null &
	runner=$!
	until [ -s pids ]; do sleep 0.02; done
	conctrace=$(ps -o pid= --ppid $runner | tr -d ' ')
	child=$(ps -o pid= --ppid "$(cat pids)" | tr -d ' ')
}

# told: waits until the hang is
told() {
	for _ in $(seq 200); do
		grep -q 'hangs' err && return
		sleep 0.05
	done
	fail "no hang was told: $(cat err)"
}

# all_gone: the program and its child are no more
all_gone() {
	gone "$(cat pids)" && gone "$child" || fail "processes are left"
}

# a stopped program; the stop has to come before the verdict on the circle of main and its thread
begin --on-hang=continue
kill -STOP "$(cat pids)"
for _ in $(seq 100); do
	grep -q 'is stopped' err && break
	sleep 0.05
done
has err "process $(cat pids) is stopped"
kill -INT "$conctrace"
status=0
wait $runner || status=$?
all_gone
case $status in
66 | 130) ;;
*) fail "status $status: $(cat err)" ;;
esac
has err 'ended by an interrupt'
expect 66 "$CT_BIN" report t

# one that hangs and was told to go on
begin --on-hang=continue
told
sleep 0.3
kill -0 "$(cat pids)" || fail "it was ended"
kill -INT "$conctrace"
status=0
wait $runner || status=$?
all_gone
[ $status = 66 ] || fail "status $status: $(cat err)"
has err 'ended by an interrupt'

if command -v gdb >/dev/null; then
	begin --on-hang=continue --timeout 20
	gdb -nx -batch -p "$(cat pids)" -ex 'shell sleep 2' >gdb.out 2>&1 || :
	told
	kill -INT "$conctrace"
	wait $runner || :
	all_gone
	if grep -q 'ptrace: Operation not permitted' gdb.out; then
		echo "gdb may not attach here"
	else
		has err "process $(cat pids) is held by a debugger"
	fi
fi
