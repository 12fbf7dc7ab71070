# Row 7: a reference count that two threads count up. The race is told whether or not an update was
# lost in this run, with what either thread does side by side; an atomic count is left in peace.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

race=$CT_DEMOS/race/refcount
run_named data-race "$race"
has out 'references: 2'
has err 'data race on `object.count`'
columns=$(grep -F '/* store */' err | tail -1)
case $columns in
*'object.count = count; /* store */'*'count = object.count; /* load */'*) ;;
*) fail "store and load do not stand side by side: $columns" ;;
esac
has err 'holds no lock '

run_named data-race "$race" --lost
has out 'references: 1'
has err 'data race on `object.count`'

run_silent "$race" --fixed
has out 'references: 2'

# as a student builds it
expect 0 "$CT_BIN" cc gcc -g "$CT_DEMOS/refcount.c" -o refcount -pthread
run_named data-race ./refcount
has err 'data race on `object.count`'
