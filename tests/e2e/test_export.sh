# What `export --perfetto` writes is what the trace has: slices of a thread do not overlap, locks that
# are taken are given back, arrows have two ends, and the same waits are told as by `timing --json`.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile tracks "-I$CT_SOURCE/preload" <<'C'
#define _GNU_SOURCE
#include <conctrace.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bell = PTHREAD_COND_INITIALIZER;
static int open_now;

static void *guest(void *unused)
{
	(void)unused;
	pthread_setname_np(pthread_self(), "a\"b\\\033\377");
	CONCTRACE_REGION_BEGIN("visit");
	pthread_mutex_lock(&door);
	CONCTRACE_REGION_BEGIN("wait");
	while (!open_now)
		pthread_cond_wait(&bell, &door);
	CONCTRACE_REGION_END();
	pthread_mutex_unlock(&door);
	CONCTRACE_REGION_END();
	return NULL;
}

int main(void)
{
	pthread_t threads[3];
	int ends[2];
	char byte = 0;

	if (pipe(ends) < 0)
		return 1;
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, guest, NULL);
	usleep(20000);
	pthread_mutex_lock(&door);
	open_now = 1;
	pthread_cond_broadcast(&bell);
	pthread_mutex_unlock(&door);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	if (fork() == 0) {
		usleep(20000);
		_exit(write(ends[1], &byte, 1) != 1);
	}
	return read(ends[0], &byte, 1) != 1 || wait(NULL) < 0;
}
C
expect 0 "$CT_BIN" run -o trace -- ./tracks
expect 0 "$CT_BIN" export --perfetto -o tracks.json trace
expect 0 "$CT_BIN" timing --json timing.json trace
"$CT_PYTHON" - <<'PY'
import collections, json

events = json.load(open("tracks.json"))["traceEvents"]
timing = json.load(open("timing.json"))
by = collections.defaultdict(list)
for event in events:
    by[event["ph"]].append(event)

names = {event["tid"]: event["args"]["name"] for event in by["M"] if event["name"] == "thread_name"}
assert sum('a"b\\' in name for name in names.values()) == 3, names
assert len(names) == 5 and len({event["pid"] for event in by["M"]}) == 2, names

slices = collections.defaultdict(list)
for event in by["X"]:
    slices[event["tid"]].append(event)
assert set(slices) == set(names)
for track in slices.values():
    track.sort(key=lambda event: event["ts"])
    for one, next_one in zip(track, track[1:]):
        gap = next_one["ts"] - (one["ts"] + one["dur"])
        assert abs(gap) < 0.01, (one, next_one)

def total(activity):
    return sum(event["dur"] for event in by["X"] if event["cat"] == activity) / 1e6

for activity, least in [("condition", 0.019), ("join", 0), ("pipe", 0.009), ("sleep", 0.039)]:
    told = sum(thread["waits"].get(activity, 0) for thread in timing["threads"])
    assert told > least and abs(total(activity) - told) < 1e-4, (activity, told, total(activity))

regions = collections.defaultdict(list)
for event in sorted(by["b"] + by["e"], key=lambda event: event["ts"]):
    if event["cat"] == "region":
        regions[event["tid"]].append(event["ph"] + event["name"])
assert list(regions.values()) == [["bvisit", "bwait", "ewait", "evisit"]] * 3, regions

holds = collections.Counter()
for event in sorted(by["b"] + by["e"], key=lambda event: event["ts"]):
    if event["cat"] == "region":
        continue
    assert event["cat"] == "holds" and "door" in event["name"], event
    holds[event["id"]] += 1 if event["ph"] == "b" else -1
    assert holds[event["id"]] in (0, 1), event
assert len(holds) == 4 and not any(holds.values()), holds
# a guest gives the lock back while it waits for the bell
assert sum(event["cat"] == "holds" for event in by["b"]) > 4, by["b"]

starts = {event["id"]: event for event in by["s"]}
ends = {event["id"]: event for event in by["f"]}
assert starts and set(starts) == set(ends)
for number, start in starts.items():
    assert start["ts"] <= ends[number]["ts"] and start["tid"] != ends[number]["tid"]
pipes = [event for event in by["X"] if event["cat"] == "pipe"]
assert any("ended by" in event["args"] for event in pipes), pipes

counts = [event["args"]["running"] for event in sorted(by["C"], key=lambda event: event["ts"])]
assert counts[0] == 1 and counts[-1] == 0 and min(counts) >= 0 and max(counts) <= 5, counts
PY

# What is not given back when its thread ends is held until another one gives it back (which is wrong, and
# told), or to the end.
compile kept "-I$CT_SOURCE/preload" <<'C'
#include <conctrace.h>
#include <pthread.h>

static pthread_mutex_t kept = PTHREAD_MUTEX_INITIALIZER, given = PTHREAD_MUTEX_INITIALIZER;

static void *keep(void *unused)
{
	CONCTRACE_REGION_BEGIN("unfinished");
	pthread_mutex_lock(&kept);
	pthread_mutex_lock(&given);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, keep, NULL);
	pthread_join(thread, NULL);
	return pthread_mutex_unlock(&given);
}
C
expect 66 "$CT_BIN" run -q -o kept.trace -- ./kept
expect 0 "$CT_BIN" export --perfetto -o kept.json kept.trace
"$CT_PYTHON" - <<'PY'
import json

events = json.load(open("kept.json"))["traceEvents"]
joined = [event["ts"] + event["dur"] for event in events if event.get("cat") == "join"]
for name in "unfinished", "holds `given`", "holds `kept`":
    begin, end = [event for event in events if event["name"] == name]
    assert (begin["ph"], end["ph"], begin["tid"]) == ("b", "e", end["tid"]), (begin, end)
    assert begin["ts"] < end["ts"] and (end["ts"] > joined[0]) == (name != "unfinished"), end
PY

# A disk that is full, and a user who wants no more: what is torn does not stay, unless it was there.
for file in /dev/full -; do
	status=0
	"$CT_BIN" export --perfetto -o "$file" trace >/dev/full 2>err || status=$?
	[ "$status" = 70 ] || fail "$file, full: status $status"
	has err 'No space left on device'
	lacks err 'to its end'
done
# interrupted FILE: export is stopped in the middle, as its FILE grows
interrupted() {
	"$CT_PYTHON" - "$CT_BIN" "$1" trace.long <<'PY'
import os, signal, subprocess, sys, time
tool, file, trace = sys.argv[1:]
before = os.path.exists(file)
for tries in range(20): # it may be at its end before it hears of it
    run = subprocess.Popen([tool, "export", "--perfetto", "-o", file, trace],
                           stderr=open("err", "w"))
    while run.poll() is None and not (os.path.exists(file) and os.path.getsize(file) > 100000):
        time.sleep(0.001)
    run.send_signal(signal.SIGINT)
    if run.wait() != 0:
        break
    if not before:
        os.remove(file)
assert run.returncode == 128 + signal.SIGINT, (run.returncode, open("err").read())
assert os.path.exists(file) == before
PY
}
expect 0 "$CT_BIN" run -q -o trace.long -- "$CT_BENCH/timing_trace" 400000
interrupted torn.json
has err 'torn.json was not written to its end, and is removed'
echo old >old.json
interrupted old.json
has err 'old.json was not written to its end'
lacks err removed

# to standard output, for a reader that goes away
"$CT_BIN" export --perfetto trace | head -c 100 >head
has head traceEvents
expect 2 "$CT_BIN" export trace
has err --perfetto
expect 2 "$CT_BIN" export --perfetto -o no/such/folder trace
has err 'cannot write'
expect 2 "$CT_BIN" export --perfetto missing
expect 2 "$CT_BIN" export --perfetto
has err 'a trace is missing: a folder that'
lacks err STD
printf 'T1|acq(l)|1\nT1|rel(l)|2\n' >text.std
expect 2 "$CT_BIN" export --perfetto text.std
has err 'no times'
