# Processes: every one of them, however it came about, has streams of its own that hold what it did,
# and its parent's are whole; programs behave as without the recorder.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is missing"; exit 77; }

# totals FILE: lines "PID PAIRS" summed up by PID, without those that have none
totals() {
	awk '{ n[$1] += $2 } END { for (pid in n) if (n[pid]) print pid, n[pid] }' "$1" | sort
}

# record PROGRAM ARGUMENT...: runs it without the recorder and with it, and compares; $work/events
# then has the events, and $work/locked what each process locked
record() {
	name="$*"
	program="$CT_PROGRAMS/$1"
	shift
	rm -rf "$work/t"
	: >"$work/counts"
	status=0
	"$program" "$@" >"$work/expected" 2>&1 </dev/null || status=$?
	traced_status=0
	timeout 60 env PROC_COUNTS="$work/counts" CONCTRACE_OPTIONS="trace=$work/t" \
		LD_PRELOAD="$CT_LIB" "$program" "$@" >"$work/got" 2>&1 </dev/null || traced_status=$?
	[ "$traced_status" = "$status" ] ||
		fail "$name: status $traced_status, without the recorder $status: $(tail -3 "$work/got")"
	cmp -s "$work/expected" "$work/got" ||
		fail "$name: another output: $(diff "$work/expected" "$work/got" | head -5)"
	babeltrace2 "$work/t" >"$work/events" 2>"$work/complaint" || fail "$name: babeltrace2 says $?"
	# what a signal handler does while its thread is recording is not kept, but counted
	[ "$name" = "proc_fork signal" ] ||
		[ ! -s "$work/complaint" ] || fail "$name: babeltrace2: $(head -3 "$work/complaint")"
	sed -n 's/.* pthread_mutex_lock: { pid = \([0-9]*\),.* flags = [02468]*,.*/\1 1/p' \
		"$work/events" >"$work/locks"
	totals "$work/locks" >"$work/locked"
}

# same_counts: what each process locked is what it counted itself, and all of it is unlocked again
same_counts() {
	totals "$work/counts" >"$work/counted"
	cmp -s "$work/counted" "$work/locked" ||
		fail "$name: locks counted and traced: $(diff "$work/counted" "$work/locked" | head -5)"
}

# count NUMBER PATTERN: so many events match
count() {
	found=$(grep -c -- "$2" "$work/events" || true)
	[ "$found" = "$1" ] || fail "$name: $found instead of $1 events like $2"
}

# closed: no process left anything behind
closed() {
	[ "$(ls "$work/t/.live")" = session ] || fail "$name: left in .live: $(ls "$work/t/.live" | head -5)"
}

# processes NUMBER: so many, each with one first image, and an end
processes() {
	count "$1" ' process: .* image = 0,'
	count "$1" ' exit: '
	[ "$(ls "$work/t" | grep -c '\.defs$')" = "$1" ] || fail "$name: not $1 definition streams"
}

for _ in 1 2 3; do
	record proc_fork threads
	same_counts; closed; processes 26
	count 25 ' fork: .* thread = 1 }, { flags = 1,'
	count 25 ' fork: .* thread = 1 }, { flags = 2,'
	count 25 ' process: .* parent = 1, image = 0, creator = 1,'
done

# of each child: its first thread holds what the forking thread held, and gives it back
record proc_fork held
same_counts; closed; processes 3
count 1 ' held_set: .* process = 2, .* count = 1,'
count 1 ' held_set: .* process = 3, .* count = 1,'
count 5 ' pthread_mutex_unlock: .* process = 2,'
count 5 ' pthread_mutex_unlock: .* process = 3,'
count 1 ' process: .* process = 2, parent = 1, image = 0, creator = 2,'

# of each child: it holds what the handlers locked before the fork, and gives it back
record proc_fork atfork
same_counts; closed; processes 51
count 50 ' held_set: .* process = \([2-9]\|[1-5][0-9]\), .* count = 1,'
count 50 ' process: .* parent = 1, image = 0, creator = [12],'

record proc_fork deep
same_counts; closed; processes 4
for child in 2 3 4; do
	count 1 " process: .* process = $child, parent = $((child - 1)), image = 0, creator = 1,"
done

record proc_fork many
same_counts; closed; processes 201

for _ in 1 2 3; do
	record proc_fork signal
	closed; processes 21
done

# the children by clone record nothing; above all, they do not end their parent's process
record proc_fork raw
same_counts; closed; processes 4
count 3 ' process: .* parent = 1, image = 0, creator = 0,'
count 0 ' exec: '

# 10 rounds of: exec; exec that fails; exec; a vfork in a vfork; a fork in a vfork
record proc_vfork
same_counts; closed; processes 71
count 50 ' vfork: .* process = 1, .* flags = 1,'
count 50 ' vfork: .* process = 1, .* flags = 2,'
count 20 ' process: .* image = 1,'
count 30 ' exec: '
count 10 ' failed: .* error = 2, call = 107 '
count 10 ' exit: .* { object = 127, '
count 10 ' exit: .* { object = 30, '

record proc_spawn
same_counts; closed; processes 12
count 2 ' posix_spawn: .* flags = 2,'
count 1 ' failed: .* error = 2, call = 102 '
count 3 ' system: .* flags = 2,'
count 1 ' system: .* flags = 2, .* arg = 0x300 '
count 2 ' popen: .* flags = 2,'
count 2 ' pclose: .* flags = 2,'
count 1 ' pclose: .* flags = 2, .* arg = 0x600 '
count 0 ' popen: .* flags = 2, .* object = 0x0, ' # the child is known
count 0 ' pclose: .* object = 0x0, '
count 1 ' daemon: .* flags = 1,'
count 0 ' daemon: .* flags = 2,'
count 0 ' process: .* parent = 0, image = 0, .* command = "[^"]*child"'

# one process, ten images; the threads but the one that execs end without a word
record proc_exec
same_counts; closed; processes 1
count 10 ' process: '
count 1 ' process: .* image = 9,'
count 11 ' exec: '
count 2 ' failed: .* call = 107 '
count 10 ' thread_start: .* thread = 1 }'
count 1 ' exit: .* { object = 13, '

# a killed child leaves its live page for whoever asks what it was doing
record proc_wait
[ "$(ls "$work/t/.live" | grep -c '^p')" = 4 ] || fail "$name: in .live: $(ls "$work/t/.live")"
count 2 ' wait: .* flags = 1, .* object = 0xFFFFFFFFFFFFFFFF, arg = 0x0 '
count 1 ' wait: .* flags = 2, .* arg = 0x100 '
count 3 ' waitpid: .* flags = 2, .* arg = 0x9 '
count 1 ' wait3: .* flags = 2, .* arg = 0x300 '
count 1 ' wait4: .* flags = 2, .* arg = 0x400 '
count 1 ' waitpid: .* flags = 4, .* arg = 0x500 '
count 2 ' waitid: .* flags = 2, .* arg = 0x600 '
count 1 ' waitid: .* flags = 2, .* arg = 0xF '
count 1 ' waitid: .* flags = 2, .* arg = 0x137F '
count 1 ' failed: .* flags = 2, .* error = 10, call = 110 '
count 1 ' failed: .* flags = 4, .* error = 10, call = 111 '
count 1 ' failed: .* flags = 2, .* error = 10, call = 113 '
count 1 ' failed: .* flags = 2, .* error = 125, call = 110 '
echo "ok: processes"

export CT_PROCESS_TEST="$work/numbers"
seq 20000 >"$work/numbers"
shell='
sort -rn "$CT_PROCESS_TEST" | head -3 | { read a; echo "first $a"; cat; }
for n in 1 2 3; do (exit $n); echo "status $?"; done
echo "$(seq 5 | tr "\n" " ")" | sed s/3/three/
(sleep 0 & wait; echo waited); /nonexistent 2>/dev/null || echo "not found: $?"
{ sh -c "kill -9 \$\$"; } 2>/dev/null; echo "killed: $?"
env -i PATH="$PATH" sh -c "echo without any environment"
exec cat /dev/null "$CT_PROCESS_TEST"'
same 3 bash -c "$shell"
same 3 dash -c "$shell"
same 2 "$CT_PYTHON" -c '
import multiprocessing as mp, os, subprocess, sys
print(subprocess.run(["sh", "-c", "cat; exit 3"], input=b"through sh\n", capture_output=True))
print(subprocess.run(["true"], preexec_fn=os.setsid, close_fds=True).returncode)
print(subprocess.run("echo $((6 * 7)) | cat", shell=True, capture_output=True).stdout)
try: subprocess.run(["/nonexistent"])
except FileNotFoundError as error: print(error)
p = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
print(p.communicate(b"x" * 200000)[0].count(b"x"), p.returncode)
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 7"], os.environ)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.system("exit 2"), os.popen("echo p").read())
sys.stdout.flush()
for method in "fork", "spawn", "forkserver":
    with mp.get_context(method).Pool(2) as pool: print(method, pool.map(abs, range(-50, 0)))'
