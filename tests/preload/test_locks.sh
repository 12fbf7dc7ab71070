# Every call on mutexes, read-write locks, spin locks and barriers: results, errno, and records.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/calls.sh"

for program in mutex_kinds mutex_waits mutex_old_names rwlock_calls spin_calls barrier_calls; do
	calls 5 "$CT_PROGRAMS/$program"
done
