# Whatever conctrace itself is busy with, the time limit, SIGTERM and Ctrl-C are attended to.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile hangs <<'C'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
	FILE *file = fopen("pids.new", "w");

	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
	rename("pids.new", "pids");
	pthread_mutex_lock(&lock);
	return pthread_mutex_lock(&lock);
}
C

# a gdb that never comes to an end, and says that it has begun
mkdir bin
cat >bin/gdb <<'G'
#!/bin/sh
echo $$ >gdb.new
mv gdb.new gdb.pid
exec sleep 1000
G
chmod +x bin/gdb
PATH=$PWD/bin:$PATH

# begin OPTION...: runs it in the background, until gdb runs
begin() {
	rm -rf t pids gdb.pid
	"$CT_BIN" run -o t --on-hang=gdb "$@" ./hangs >out 2>err </dev/null &
	runner=$!
	for _ in $(seq 200); do
		[ -s gdb.pid ] && return
		sleep 0.05
	done
	fail "gdb was not started: $(cat err)"
}

# ended STATUS TEXT: it has ended soon, with nobody left
ended() {
	gone "$runner" || fail "conctrace is still busy"
	status=0
	wait $runner || status=$?
	[ $status = "$1" ] || fail "status $status, not $1: $(cat err)"
	has err "$2"
	has err 'error[self-deadlock]'
	gone "$(cat pids)" && gone "$(cat gdb.pid)" || fail "processes are left"
}

begin --timeout 2
ended 66 'the time limit'

begin
kill -INT $runner
ended 66 'ended by an interrupt'

begin
kill -TERM $runner # the program's own to decide: it ends by it
ended 66 'the program hung and was ended'

# no gdb at all, and one that may not attach
rm bin/gdb
expect 66 timeout 30 env PATH="$PWD/none" "$CT_BIN" run --force -o t --on-hang=gdb ./hangs
has err 'gdb is not installed'
printf '#!/bin/sh\necho "ptrace: Operation not permitted."; exit 1\n' >bin/gdb
chmod +x bin/gdb
expect 66 timeout 30 "$CT_BIN" run --force -o t --on-hang=gdb ./hangs
grep -qE 'gdb (may not|could not) look into the program' err || fail "$(cat err)"
