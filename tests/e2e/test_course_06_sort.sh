# Row 6: divide and conquer. Halves are sorted at once; the last merge is not.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"
[ "$(nproc)" -ge 2 ] || exit 77

for mode in serial threads processes; do
	record "$mode" sort --mode "$mode"
	has out '2000000 numbers are in order'
done
timed serial 'assert t["mode"] == "serial" and t["parallelism"]["most"] == 1'
for mode in threads processes; do
	timed "$mode" '
assert t["mode"] == "'$mode'" and len(t["threads"]) == 2 and t["parallelism"]["most"] == 2
assert one(t["regions"], name="merge")["count"] == 1
assert 0.005 < t["parallelism"]["serial_share"] < 0.8, t["parallelism"]
assert cores > 1.15, cores
'
done

# four workers: three that were made, three merges of two workers or more
record four sort --mode threads --workers 4
timed four '
assert len(t["threads"]) == 4 and one(t["regions"], name="merge")["count"] == 3
'
