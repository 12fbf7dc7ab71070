#!/usr/bin/env bash
# Programs of Python, unmodified: its threads share one lock, which is recognised and told as the
# reason that those which compute run one at a time, and those which wait do not.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

demos=$CT_SOURCE/demos/python
python=/usr/bin/python3
[ -x "$python" ] || exit 77

# record NAME SCRIPT [OPTION...]: a trace, and what timing says of it in NAME.json and NAME.txt
record() {
	name=$1
	shift
	# what races in the interpreter itself is another question
	expect 0 timeout 60 "$CT_BIN" run --races=off -o "$name" -- "$python" -B "$@"
	has err "no deadlock, lock-order problem or misuse found"
	expect 0 timeout 60 "$CT_BIN" timing --json "$name.json" "$name"
	tr '\n' ' ' <out | tr -s ' ' >"$name.txt"
}

# holds TEXT: an expression of Python on the traces, by their names
holds() {
	"$CT_PYTHON" - "$1" <<-'CHECK' || fail "$1"
		import glob, json, sys

		def contains(text):
		    return lambda trace: [i for i in trace["interpreters"] if text in i["name"]]

		names = {path[:-5]: json.load(open(path)) for path in glob.glob("*.json")}
		workers = lambda trace: [t for t in trace["threads"] if t["thread"] > 1]
		waits = lambda thread, what: thread["waits"].get(what, 0) / thread["life_s"]
		def wanted(threads):
		    """How many processors they could have used, on average."""
		    end = max(t["begin_s"] + t["life_s"] for t in threads)
		    used = sum(t["cpu_s"] + t["ready_s"] for t in threads)
		    return used / (end - min(t["begin_s"] for t in threads))

		names.update(wanted=wanted, workers=workers, waits=waits, gil=contains("(GIL)"))
		if not eval(sys.argv[1], names):
		    for name, trace in names.items():
		        if isinstance(trace, dict) and "wall_s" in trace:
		            print(name, trace["wall_s"], trace["parallelism"]["cores"],
		                  trace["interpreters"], file=sys.stderr)
		    sys.exit(1)
	CHECK
}

# Two threads that compute: in turns, because of the lock. Two processes: at once.
record threads "$demos/pi.py" --mode threads --work 8000000
record processes "$demos/pi.py" --mode processes --work 8000000
holds 'len(threads["interpreters"]) == 1 and len(gil(threads)) == 1'
holds 'gil(threads)[0]["serialized"] and gil(threads)[0]["threads"] == 3'
holds 'threads["mode"] == "threads" and threads["parallelism"]["cores"] <= 1.3'
holds 'all(waits(t, "interpreter lock") > 0.2 for t in workers(threads))'
holds 'not any(t["waits"].get("condition") for t in threads["threads"])'
has threads.txt "Python's interpreter lock (GIL) let 2 CPU-bound threads run one at a time only"
holds 'not processes["interpreters"] and processes["mode"] == "processes"'
# With the time in which they were ready but had no processor: other programs may keep it busy.
[ "$(nproc)" -lt 2 ] || holds 'wanted(processes["threads"][1:]) > 1.5'

# Twelve that wait do so side by side; the lock is none of their business.
record waiting "$demos/wait_computing.py" --kind wait --mode threads --work 3
holds 'len(gil(waiting)) == 1 and not gil(waiting)[0]["serialized"]'
holds 'len(workers(waiting)) == 12'
holds 'all(t["bound"] == "I/O-bound" for t in workers(waiting))'
holds 'sum(t["waits"]["sleep"] for t in workers(waiting)) > 2 * waiting["wall_s"]'
has waiting.txt "held 12 I/O-bound threads up for"
lacks waiting.txt "one at a time"

# Twelve that compute do not.
record computing "$demos/wait_computing.py" --kind computing --mode threads
holds 'gil(computing)[0]["serialized"] and computing["parallelism"]["cores"] <= 1.3'

# Its traffic is no news: of a program that computes, most events are folded.
cat >turns.py <<-'PROGRAM'
	import sys, threading
	sys.setswitchinterval(0.0002)
	def compute():
	    for number in range(3000000):
	        pass
	threads = [threading.Thread(target=compute) for _ in range(3)]
	for thread in threads: thread.start()
	for thread in threads: thread.join()
PROGRAM
record turns turns.py
events=$("$CT_BIN" dump turns | grep -c ' p[0-9]*:T') || fail "no events"
holds "gil(turns)[0]['folded_events'] > 0.8 * $events"
holds 'not any(l["kind"] == "mutex" and l["threads"] > 1 for l in turns["locks"])'

# All else that the decks have runs as it is, and there is nothing to say about it.
quiet() {
	expect 0 timeout 60 "$CT_BIN" run --races=off -o quiet -- "$python" -B "$demos/$1" "${@:2}"
	has out "$says"
	has err "no deadlock, lock-order problem or misuse found"
	lacks err "hang"
	rm -rf quiet
}
says=300 quiet lock.py
says="80 20" quiet rlock.py
says="at most 2" quiet locked_check.py
says="at most 1" quiet locked_check.py --fixed
says="no more than 3" quiet semaphore.py
says="[0, 1, 2]" quiet event.py
says="[1, 2, 3, 4, 5, 6]" quiet condition.py
says="5 ticks" quiet timer.py
says="the other thread is done" quiet daemon.py
says="[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]" quiet work_queue.py
says="the sum is 55" quiet pipe.py
says=400 quiet shared_value.py
says="no more than 400" quiet shared_value.py --wrong
says="[36, 49, 64]" quiet pool.py

# Two threads that wait for each other's end, and one for a lock that it has itself.
expect 66 timeout 20 "$CT_BIN" run --on-hang=kill -o mutual -- "$python" -B "$demos/mutual_join.py"
grep -q '^error\[deadlock\]: T\([23]\) waits for `S[12]` held by T[23], which waits for `S[12]` held by T\1$' err ||
	fail "mutual_join.py: $(cat err)"
found=$(sed -n 's/.*(found \([0-9.]*\) s after it began).*/\1/p' err)
[ -n "$found" ] || fail "it was not told at once: $(head -3 err)"
expect 66 timeout 20 "$CT_BIN" run --on-hang=kill -o self -- "$python" -B "$demos/rlock.py" --wrong
grep -q '^error\[missing-post\]: .* for `S1`, which T[23] took itself before, and nobody' err ||
	fail "rlock.py: $(cat err)"
