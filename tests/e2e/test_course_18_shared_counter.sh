# Row 18: a value and an array that two processes count up, without a lock and with one.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run_named data-race "$CT_DEMOS/race/shared_counter"
has out 'wrong: updates are lost'
has err 'data race on shared memory'
has err 'the same bytes of shared memory'
has err 'shared->value = value + 1;'
has err 'shared->array[i] = cells[i] + 1;'
has err 'A lock for several processes lies in shared memory'
has err '2 processes'

run_silent "$CT_DEMOS/race/shared_counter" --fixed
has out 'right: 40, and 40 in the array'
run_silent "$CT_DEMOS/counter"
has out 'count 20000'
