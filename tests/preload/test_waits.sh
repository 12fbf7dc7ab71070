# Every call on condition variables and semaphores: results, errno, and records.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/calls.sh"

for program in cond_calls sem_calls sem_named; do
	calls 5 "$CT_PROGRAMS/$program"
done

# However its name is written, a named semaphore is one file to the model: 4 addresses, 1 identity
CONCTRACE_OPTIONS="dir=$work/named" LD_PRELOAD="$CT_LIB" "$CT_PROGRAMS/sem_named" >/dev/null
"$CT_BIN" dump "$work"/named/conctrace.* |
	sed -nE 's/.* map .*(device=[0-9]+ inode=[0-9]+ offset=[0-9]+).*/\1/p' | sort | uniq -c >"$work/maps"
[ "$(awk '{ print $1 }' "$work/maps")" = 4 ] || fail "sem_named: $(cat "$work/maps")"
echo "ok: one file behind a named semaphore"
