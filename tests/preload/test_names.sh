# The other names of libc's functions, which old programs ask for, do what they do without the recorder.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

same 20 "$CT_PROGRAMS/alias_calls" "$work/file"

# What they did is in the trace under the event of the function that they are.
CONCTRACE_OPTIONS=trace=$work/t LD_PRELOAD=$CT_LIB "$CT_PROGRAMS/alias_calls" "$work/file" >/dev/null
"$CT_BIN" dump "$work/t" >"$work/dump"
count() {
	wanted=$1
	shift
	got=$(grep -cE "$*" "$work/dump" || true)
	[ "$got" = "$wanted" ] || fail "$got records of '$*' instead of $wanted"
}
count 3 ' pthread_mutex_lock ' # two requests, as always of an error-checking one, and the lock
count 1 'failed .*call=pthread_mutex_lock'
count 1 'failed .*call=pthread_mutex_trylock'
count 3 ' pthread_rwlock_unlock '
count 1 ' sched_yield '
count 3 ' clone ' # two requests, a child
count 1 'failed .*call=clone'
echo "ok: records under the names that they stand for"
