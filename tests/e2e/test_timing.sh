# What `conctrace timing` tells of a program whose waits are known: in words, as JSON, and of traces
# that have no times, are damaged, or still grow.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# T2 takes the lock, and sleeps with it; T3 asks for it as soon as T2 has it; T4 computes; a child
# sends 4000 bytes after a while. With an argument the program waits for its input first.
compile fight <<'C'
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t taken;

static void *hold(void *unused)
{
	pthread_mutex_lock(&queue); /* here */
	pthread_barrier_wait(&taken);
	usleep(200000);
	pthread_mutex_unlock(&queue);
	return unused;
}

static void *want(void *unused)
{
	pthread_barrier_wait(&taken);
	pthread_mutex_lock(&queue); /* there */
	pthread_mutex_unlock(&queue);
	return unused;
}

static void *compute(void *unused)
{
	struct timespec used;

	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	while (used.tv_sec == 0 && used.tv_nsec < 150000000);
	return unused;
}

static void child(int out)
{
	static char bytes[4000];

	usleep(100000);
	_exit(write(out, bytes, sizeof(bytes)) != sizeof(bytes));
}

int main(int argc, char **argv)
{
	void *(*const jobs[])(void *) = {hold, want, compute};
	char bytes[4096];
	pthread_t threads[3];
	int ends[2], size = 0;

	(void)argv;
	pthread_barrier_init(&taken, NULL, 2);
	if (argc > 1 && read(0, bytes, 1) < 0)
		return 1;
	if (pipe(ends) != 0)
		return 1;
	if (fork() == 0)
		child(ends[1]);
	close(ends[1]);
	while (size < 4000)
		size += read(ends[0], bytes, sizeof(bytes));
	wait(NULL);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, jobs[i], NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
C
expect 0 timeout 60 "$CT_BIN" run -q --races=off -o t -- ./fight

expect 0 timeout 60 "$CT_BIN" timing --json numbers t
for section in threads waits locks 'critical path' processes; do
	grep -qx "$section" out || fail "no section \"$section\": $(cat out)"
done
has out 'fight: '
has out '`queue`'
awk 'length($0) > 100 { exit 1 }' out || fail "a line is too long: $(cat out)"
lacks out "$(printf '\033')"
expect 0 timeout 60 "$CT_BIN" timing --color=always t
has out "$(printf '\033')"

here=$(grep -n '/\* here \*/' fight.c | cut -d: -f1)
there=$(grep -n '/\* there \*/' fight.c | cut -d: -f1)
cat >check.py <<'PY'
import json
import sys

here, there = sys.argv[1:]
t = json.load(open("numbers"))
keys = """version trace command mode cpus workers wall_s cpu_s cpu_before_s user_s system_s ready_s
voluntary involuntary minor_faults major_faults max_rss_kb incomplete pipe_bytes socket_bytes shared_bytes parallelism
processes threads locks critical_path interpreters regions advice""".split()
assert list(t) == keys or sorted(t) == sorted(keys), sorted(t)
assert not any(t["incomplete"].values()) and len(t["incomplete"]) == 3, t["incomplete"]
assert t["version"] == 1 and t["trace"] == "t" and t["command"] == "./fight", t
assert t["pipe_bytes"] == 4000, t["pipe_bytes"]
assert t["wall_s"] >= 0.3, t["wall_s"]

assert len(t["processes"]) == 2, t["processes"]
root, child = t["processes"]
assert root["threads"] == 4 and child["threads"] == 1, t["processes"]
assert root["bytes_read"] == 4000 and child["bytes_written"] == 4000, t["processes"]
assert root["creation_s"] is None and child["creation_s"] > 0, t["processes"]

main, hold, want, compute = [x for x in t["threads"] if x["process"] == 1]
assert [x["thread"] for x in (main, hold, want, compute)] == [1, 2, 3, 4]
assert 0.19 < hold["waits"]["sleep"] <= hold["life_s"], hold
assert "lock" not in hold["waits"], hold
# T3 asks a moment after T2 begins to sleep: as long a moment as a busy machine takes
assert 0.05 < want["waits"]["lock"] <= want["life_s"], want
(blocked,) = [x for x in want["blocked"] if x["activity"] == "lock"]
assert blocked["on"] == "queue" and blocked["count"] == 1, want
assert "lock" not in compute["waits"] and compute["runs_s"] >= 0.149, compute
assert main["waits"]["pipe"] > 0.05 and main["waits"]["join"] > 0.15, main
for x in t["threads"]:
    whole = x["runs_s"] + sum(x["waits"].values())
    assert abs(whole - x["life_s"]) < 1e-6, x
    assert sum(b["total_s"] for b in x["blocked"]) <= x["life_s"] + 1e-6, x

(lock,) = [x for x in t["locks"] if x["name"] == "queue"]
assert lock["kind"] == "mutex" and lock["acquisitions"] == 2, lock
assert lock["contended"] == 1 and lock["threads"] == 2, lock
assert lock["hold_s"]["total"] > 0.19, lock
assert abs(lock["wait_s"]["total"] - want["waits"]["lock"]) < 1e-6, (lock, want)
assert sorted(s["place"] for s in lock["sites"]) == sorted(
    ["fight.c:" + here, "fight.c:" + there]), lock
assert lock["sites"][0]["place"] == "fight.c:" + there, lock
PY
"$CT_PYTHON" check.py "$here" "$there" || fail "the numbers: $(head -c 3000 numbers)"

# a file that is standard output comes alone
expect 0 timeout 60 "$CT_BIN" timing --json=- t
cmp -s out numbers || fail "--json=- differs from --json FILE"
expect 2 timeout 60 "$CT_BIN" timing --json=- --gantt=- t
has err 'only one file can be standard output'
expect 2 timeout 60 "$CT_BIN" timing --json=no/such/folder t
has err 'cannot write no/such/folder'
expect 2 timeout 60 "$CT_BIN" timing --json same --gantt ./same t
has err 'one file cannot take two outputs'
[ ! -e same ] || fail "a refused file is made"
expect 70 timeout 60 "$CT_BIN" timing --json /dev/full t
has err 'No space left on device'
for picture in gantt lanes parallelism; do
	expect 0 timeout 60 "$CT_BIN" timing --$picture=picture.svg t
	[ -s out ] || fail "no report beside --$picture"
	[ -s picture.svg ] || fail "--$picture draws nothing"
done

# one row a table
expect 0 timeout 60 "$CT_BIN" timing --top=1 t
has out 'others, summed up'

# what has no times
printf 'T1|acq(A)|main.c:1\nT1|rel(A)|main.c:2\n' >words.std
expect 2 "$CT_BIN" timing words.std
has err 'words.std: a text trace has no times'
expect 2 "$CT_BIN" timing no-such-trace
has err 'no-such-trace'

# options that do not go together
wrong() {
	message=$1
	shift
	expect 2 "$CT_BIN" timing "$@"
	has err "$message"
}
wrong 'a trace is missing'
wrong 'takes one trace, not also "u"' t u
wrong '--compare takes two traces or more' --compare t
wrong 'not with --compare' --compare --gantt=x.svg t t
wrong '--top does not go with --compare' --compare --top=3 t t
wrong 'go with --sweep' --over=1,2 t
wrong 'go with --sweep' --workers t
wrong '--speedup goes with --compare or --sweep' --speedup=x.svg t
wrong '--sweep runs commands and takes no trace: "t"' --sweep='true {n}' --over=1,2 t
wrong '--sweep needs --over' --sweep='true {n}'
wrong 'not with --sweep' --sweep='true {n}' --over=1,2 --lanes=x.svg
wrong '--speedup is over numbers of workers' --sweep='true {n}' --over=1,2 --speedup=x.svg
wrong '--curve is over sizes' --sweep='true {n}' --over=1,2 --workers --curve=x.svg
wrong '--top takes a number' --top=0 t
wrong '--color takes' --color=blue t

# a damaged trace: what is left is told, and what is wrong
cp -r t torn
for stream in torn/p1.t*; do
	truncate -s $(($(stat -c %s "$stream") - 20)) "$stream"
	break
done
expect 2 timeout 60 "$CT_BIN" timing torn
grep -qE '^conctrace: .*byte [0-9]+: ' err || fail "the damage is not said: $(cat err)"
has out 'elapsed '

# a program that still runs
mkfifo in
timeout 60 "$CT_BIN" run -q -o growing -- ./fight wait <in >/dev/null 2>&1 &
run=$!
exec 9>in
for _ in $(seq 200); do
	[ -e growing/.live/p1.t0 ] || [ -e growing/.live/p1.t1 ] && break
	sleep 0.05
done
expect 0 timeout 60 "$CT_BIN" timing growing
has err 'its program still runs'
echo >&9
exec 9>&-
wait "$run" || fail "the program ended with $?"
expect 0 timeout 60 "$CT_BIN" timing growing
lacks err 'still runs'
