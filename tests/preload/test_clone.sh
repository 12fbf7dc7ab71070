# Children by clone: programs run as without the recorder, those with a copy of the memory are
# processes of the trace, those in their creator's memory leave its records whole.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
program="$CT_PROGRAMS/clone_children"

for way in fork memory vfork namespaces refused byhand; do
	same 3 "$program" $way
done

# record WAY
record() {
	rm -rf "$work/t"
	timeout 60 env CONCTRACE_OPTIONS="trace=$work/t" LD_PRELOAD="$CT_LIB" "$program" $1 \
		>/dev/null 2>&1 || fail "$1: status $?"
	"$CT_BIN" dump "$work/t" >"$work/dump" 2>"$work/warnings"
	[ ! -s "$work/warnings" ] || fail "$1: $(head -3 "$work/warnings")"
	[ "$(ls "$work/t/.live")" = session ] || fail "$1: left in .live: $(ls "$work/t/.live")"
}

# count NUMBER PATTERN
count() {
	found=$(grep -c -- "$2" "$work/dump" || true)
	[ "$found" = "$1" ] || fail "$found instead of $1 records like $2"
}

record fork # the third child does nothing that could be recorded
count 3 ' p1:T1 clone .*arg=0x11 .*flags=request'
count 3 ' p1:T1 clone .*arg=0x11 .*flags=blocked'
count 2 ' process .*parent=1 image=0 creator=1'
count 3 ' p2:T1 pthread_mutex_lock '
count 5 ' p3:T1 pthread_mutex_lock '
count 1 ' p2:T1 exit object=3 '
count 1 ' p3:T1 exit object=5 '
count 4 ' p1:T1 pthread_mutex_unlock '

for _ in 1 2 3; do
	record memory
	count 2 ' clone .*flags=blocked'
	count 2 ' unseen .*object=0x7 name=clone_children+0x'
	count 20007 ' p1:T1 pthread_mutex_lock '
	count 20007 ' p1:T1 pthread_mutex_unlock '
	count 7 ' p2:T1 pthread_mutex_lock '
	count 2 ' process '
done

record vfork # the last child's program is a process
count 4 ' clone .*flags=blocked'
count 6 ' p1:T1 pthread_mutex_lock '
count 2 ' process '

record refused
count 5 ' failed .*call=clone'
count 0 ' unseen '
count 3 ' pthread_mutex_lock '

record byhand
count 3 ' process '
count 5 ' p2:T1 pthread_mutex_lock '
echo "ok: what children by clone leave"

if command -v stress-ng >/dev/null; then
	traced "$work/stress" timeout 60 stress-ng --clone 1 --vfork 1 --fork 1 --futex 1 --verify -t 3 \
		>"$work/said" 2>&1 || fail "stress-ng: $(tail -5 "$work/said")"
	rm -rf "$work/stress"
	echo "ok: stress-ng"
fi
