# stress-ng in verify mode: every stressor checks its own results; every other one runs with traps.
# CT_STRESS: seconds for each (1; the release check takes 20).
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
needs stress-ng
seconds=${CT_STRESS:-1}
turn=0

# The records of 20 s of system calls at full speed are many: what is over the limit is counted.
for stressor in pthread mutex sem sem-sysv pipe fork vfork clone futex mq msg eventfd poll sigq timer shm; do
	status=0
	turn=$((turn + 1))
	mkdir -m 777 "$work/trace"
	LD_PRELOAD="$work/libconctrace.so" CONCTRACE_OPTIONS="dir=$work/trace:max=200M$(races $turn)" \
		stress-ng --"$stressor" 2 --verify --timeout "$seconds" --temp-path "$work" \
		>"$work/log" 2>&1 </dev/null || status=$?
	[ $status = 0 ] && ! grep -qE 'fail:|terminated on signal' "$work/log" ||
		fail "$stressor: status $status: $(tail -20 "$work/log")"
	used_well "$stressor"
	echo "ok: $stressor, $seconds s: $(du -sk "$work/trace" | cut -f1) kB recorded"
	until rm -rf "$work/trace" 2>/dev/null; do :; done
done
