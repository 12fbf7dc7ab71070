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
assert t["mode"] == "'$mode'" and t["workers"] == 2 and t["parallelism"]["most"] == 2
assert divided > 1.3 and together > 0, (divided, together)
main, other = t["threads"]
merge = one(t["regions"], name="merge")
assert merge["count"] == 1
# both run while the other lives and is not waited for
waited = main["waits"].get("join", 0) + main["waits"].get("child", 0)
none = t["parallelism"]["at_s"][0]
both = other["life_s"] - (waited - none)
alone = main["life_s"] - none - both
share = alone / (alone + 2 * both)
assert abs(t["parallelism"]["serial_share"] - share) < 0.01 + 0.1 * share, (t["parallelism"], share)
assert alone > merge["total_s"] and share < 0.7, (alone, merge, share)
'
done

# four workers: three that were made, three merges of two workers or more
record four sort --mode threads --workers 4
timed four '
assert len(t["threads"]) == t["workers"] == 4 and one(t["regions"], name="merge")["count"] == 3
'
