# Traces side by side: the same work by one, by two threads, by two processes.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# Four times a nap of 30 ms and 60 ms of work, shared among the workers.
compile naps <<'C'
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NAPS = 4 };

static void work(void)
{
	struct timespec begin, now;

	usleep(30000);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while ((now.tv_sec - begin.tv_sec) * 1000000000 + now.tv_nsec - begin.tv_nsec < 60000000);
}

static void *nap(void *count)
{
	for (int i = 0; i < *(int *)count; i++)
		work();
	return NULL;
}

static void by_threads(int *share)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, nap, share);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static void by_processes(int *share)
{
	for (int i = 0; i < 2; i++) {
		if (fork() == 0) {
			nap(share);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	int all = NAPS, half = NAPS / 2;

	if (argc > 1 && strcmp(argv[1], "threads") == 0)
		by_threads(&half);
	else if (argc > 1 && strcmp(argv[1], "processes") == 0)
		by_processes(&half);
	else
		nap(&all);
	return 0;
}
C
for mode in serial threads processes; do
	expect 0 timeout 60 "$CT_BIN" run -q --races=off -o $mode -- ./naps $mode
done

expect 0 timeout 60 "$CT_BIN" timing --compare --json=numbers --speedup=speedup.svg \
	serial threads processes
grep -qE '^ +serial +threads +processes$' out || fail "no heads: $(cat out)"
grep -qE '^  mode +serial +threads +processes$' out || fail "no modes: $(cat out)"
grep -qE '^  workers +1 +2 +2$' out || fail "no workers: $(cat out)"
for row in 'elapsed, ' 'speed-up' 'efficiency' 'start of a worker' 'switches, voluntary' \
	'page faults' 'peak RSS' 'workers waited: sleep'; do
	has out "  $row"
done
[ -s speedup.svg ] || fail "no picture"
cat >check.py <<'PY'
import json

c = json.load(open("numbers"))
assert c["version"] == 1 and [t["trace"] for t in c["traces"]] == ["serial", "threads", "processes"]
base, threads, processes = c["compared"]
for t in c["traces"]:
    # half of it by each worker, the same in all
    cpu = [x["cpu_s"] for x in t["threads"] if x["worker"]]
    assert sum(cpu) > 0.239 and max(cpu) < 1.2 * min(cpu), t["threads"]
    assert sum(x["waits"]["sleep"] for x in t["threads"] if x["worker"]) > 0.119, t["threads"]
assert base["speedup"] == 1 and base["serial_share"] is None, base
for x in threads, processes:
    assert abs(x["efficiency"] - x["speedup"] / 2) < 1e-9, x
    s, p = x["speedup"], 2
    assert abs(x["serial_share"] - (1 / s - 1 / p) / (1 - 1 / p)) < 1e-9, x
    assert abs(x["speedup"] - base["wall_s"] / x["wall_s"]) < 1e-9, x
PY
"$CT_PYTHON" check.py || fail "the numbers: $(cat numbers | head -c 2000)"

# several of a mode; JSON alone on standard output; one trace against itself
expect 0 timeout 60 "$CT_BIN" timing --compare serial threads threads processes serial processes
awk 'length($0) > 100 { exit 1 }' out || fail "a line is too long: $(cat out)"
expect 0 timeout 60 "$CT_BIN" timing --compare --json=- serial serial
"$CT_PYTHON" -c 'import json; assert json.load(open("out"))["compared"][1]["speedup"] == 1'
expect 2 timeout 60 "$CT_BIN" timing --compare serial no-such-trace
has err no-such-trace
