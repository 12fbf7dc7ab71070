# Deadlocks that were predicted of a run that went well stand in a run that is steered to them; of a
# pattern that cannot happen nothing is claimed, and the program does what it does by itself.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
cases=$CT_PROGRAMS/confirm_cases
philosophers=$CT_PROGRAMS/philosophers

# confirmed TRACE PROGRAM...: runs it, which goes well, then steers it. At most 2 attempts: the third
# does not care who a thread is, so that it would not matter whether that is known.
confirmed() {
	local trace=$1
	shift
	"$CT_BIN" run -q --races=off -o "$trace" -- "$@" >"$trace.out" 2>&1 || [ $? = 66 ] || return 1
	"$CT_BIN" confirm --attempts 2 "$trace" >"$trace.report" 2>"$trace.err" || [ $? = 66 ] ||
		return 1
	grep -q '^  confirmed: ' "$trace.report" && [ -d "$trace.confirm-1" ] &&
		[ ! -d "$trace.confirm-2" ]
}

# collect: waits for the background jobs in `pids`
collect() {
	local pid
	for pid in $pids; do
		count=$((count + 1))
		wait "$pid" && good=$((good + 1))
	done
	pids=""
}

# all WHAT: they were all confirmed
all() {
	collect
	[ $good = $count ] || fail "$1: $good of $count confirmed: $(tail -qn 1 ./*.err)"
	echo "ok: $1: $good of $count confirmed"
	good=0
	count=0
}

pids="" good=0 count=0
for run in $(seq 5); do
	for k in 1 2 3 4; do
		confirmed "abba.$run.$k" "$CT_DEMOS/abba" &
		pids="$pids $!"
	done
	collect # four at a time: each looks for half a second
done
all "AB, BA"

for fork in mutex sem; do
	for how in threads processes; do
		for seats in 2 5 20; do
			confirmed "dine.$fork.$how.$seats" "$philosophers" $fork $how $seats &
			pids="$pids $!"
		done
		all "philosophers, $fork, $how"
		for way in order waiter; do
			expect 0 "$CT_BIN" run -- "$philosophers" $fork $how 5 $way
			lacks err 'error['
		done
	done
done

for way in join outer loop spawn strict; do
	confirmed "case.$way" "$cases" $way &
	pids="$pids $!"
done
all "joins, other locks, later turns, other programs, files"
grep -q EDEADLK case.strict.report || fail "the kernel refused nothing"
expect 0 "$CT_BIN" run -o files -- "$cases" files
expect 0 "$CT_BIN" confirm files
has out 'not confirmed by 1 attempt: the kernel refused a lock there (EDEADLK)'
[ ! -e files.confirm-1 ] || fail "a trace of nothing is left"

# what cannot be
"$cases" data >plain
expect 66 "$CT_BIN" run -o data -- "$cases" data
expect 0 "$CT_BIN" confirm --show-output --sarif data.sarif data
[ "$(grep -cFx "$(cat plain)" out)" = 10 ] || fail "the output is another: $(cat out)"
has out 'predicted: '
has out 're-run: not confirmed by 10 attempts: T3 never came to where it locks `a` in careful'
has data.sarif '"rerun": "not confirmed'
lacks out 'confirmed: a run'
[ ! -e data.confirm-1 ] || fail "a trace of nothing is left"
expect 66 "$CT_BIN" run -o forced -- "$cases" forced
expect 0 "$CT_BIN" confirm --attempts 2 forced
has out 'not confirmed by 2 attempts'
expect 66 "$CT_BIN" confirm --attempts 1 --fail-on=predicted forced

# as it was started: arguments, environment, folder, what is left of standard input
mkdir place
touch place/b.txt
printf 'first\nsecond\n' >input
status=0
(
	cd place
	read -r _
	CONFIRM_CASE='x:y z' "$CT_BIN" run -q -o ../started -- "$cases" started 'a b' >../out
) <input || status=$?
[ $status = 66 ] || fail "started: status $status"
expect 66 "$CT_BIN" confirm --sarif started.sarif started
for file in out err started.sarif; do
	lacks $file 'x:y z'
done
[ "$(stat -c %a started/.start)" = 600 ] || fail "others can read the environment"
mv input elsewhere
expect 2 "$CT_BIN" confirm started
has err 'its standard input: No such file or directory'
mv elsewhere input
printf 'first\nsecond\n' | "$CT_BIN" run -q -o piped -- "$cases" join >out || [ $? = 66 ]
expect 66 "$CT_BIN" confirm piped
has err 'read from a pipe or a terminal'
has err "$cases is run again in $PWD: "

# which finding
expect 66 "$CT_BIN" run -o one --sarif one.sarif -- "$CT_DEMOS/abba"
expect 66 "$CT_BIN" confirm one 1
number=$(sed -n 's/.*"conctrace\/v1": "\([0-9a-f]*\).*/\1/p' one.sarif)
expect 66 "$CT_BIN" confirm one "$number"
has err "finding 1 ($number)"
expect 66 "$CT_BIN" confirm one "$number:1"
expect 66 "$CT_BIN" report one.confirm-2
has out 'error[deadlock]'
expect 2 "$CT_BIN" confirm one 2
has err 'there is no finding 2'
expect 2 "$CT_BIN" confirm one 0123456789abcdef
expect 2 "$CT_BIN" confirm one 1 1
expect 2 "$CT_BIN" confirm --attempts 11 one
expect 2 "$CT_BIN" confirm
expect 2 "$CT_BIN" confirm "$CT_SOURCE/tests/scenarios/lock-order/t30_abba.std"
has err 'text trace'
rm one/.start
expect 2 "$CT_BIN" confirm one
has err 'does not tell how its program was started'
mkfifo one/.start
expect 2 timeout 10 "$CT_BIN" confirm one
has err 'does not tell how its program was started'
rm one/.start
expect 0 "$CT_BIN" run -o fixed -- "$CT_DEMOS/abba" --fixed
expect 0 "$CT_BIN" confirm fixed
has err 'no deadlock'
expect 0 "$CT_BIN" run --force -o one.confirm-1 -- "$CT_DEMOS/abba" --fixed

# in one go; what hangs at once needs no second run
expect 66 "$CT_BIN" run --confirm -o go -- "$CT_DEMOS/abba"
has err 'confirmed: a run'
has out 'sum 150'
[ -d go.confirm-1 ] || fail "run --confirm leaves no trace"
expect 66 "$CT_BIN" run --confirm -o hung -- "$CT_DEMOS/abba" --hang
[ ! -e hung.confirm-1 ] || fail "a run that hung was run again"

# what outlives an attempt is ended
expect 66 "$CT_BIN" run -o daemon -- "$cases" daemon
kill "$(tail -n 1 daemons)"
expect 0 "$CT_BIN" confirm --attempts 1 daemon
lacks err 'still running'
[ "$(wc -l <daemons)" = 2 ] || fail "no daemon began: $(cat daemons)"
! kill -0 "$(tail -n 1 daemons)" 2>kill.err || fail "a daemon is left"

# an interrupt from the keyboard ends it, with nothing left over; so do others
expect 66 "$CT_BIN" run -o slow -- "$cases" forced
cat >interrupt.py <<'EOF'
import os, signal, subprocess, sys, time
command = subprocess.Popen(sys.argv[2:], start_new_session=True)
while not os.path.exists("slow.confirm-1/.live/steer"):
    time.sleep(0.05)
os.killpg(command.pid, getattr(signal, sys.argv[1]))
sys.exit(command.wait() & 255)
EOF
for status in SIGINT=130 SIGTERM=143 SIGHUP=129; do
	expect "${status#*=}" timeout 30 "$CT_PYTHON" interrupt.py "${status%=*}" "$CT_BIN" confirm slow
	has out 'interrupted'
	[ ! -e slow.confirm-1 ] || fail "the trace of an attempt is left"
done
