# The promise of the first version: a program that deadlocks is named and ended, one that is right
# is left in peace.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 66 timeout 60 "$CT_BIN" run -o hang --svg hang.svg --sarif hang.sarif -- "$CT_DEMOS/abba" --hang
has err deadlock
has err savings
has err checking
has err 'abba.c:'
has hang.svg '<svg'
has hang.sarif '"ruleId": "deadlock"'
expect 66 "$CT_BIN" report hang
has out savings
expect 9 "$CT_BIN" report --error-exitcode=9 hang
expect 0 "$CT_BIN" report --error-exitcode=0 hang
expect 66 "$CT_BIN" report --fail-on=observed hang
expect 0 "$CT_BIN" graph wait-for hang
has out savings

# it waits on, if it is told to; what made it stand still is why the time ran out
expect 66 timeout 60 "$CT_BIN" run --on-hang=continue --timeout 2 -- "$CT_DEMOS/abba" --hang
has err 'the program hangs'
has err 'time limit'

expect 0 "$CT_BIN" run -o fixed -- "$CT_DEMOS/abba" --fixed
has out 'sum 150'
expect 0 "$CT_BIN" report fixed
expect 0 "$CT_BIN" report --fail-on=potential fixed

# could deadlock
expect 66 "$CT_BIN" run --fail-on=potential -o order -- "$CT_DEMOS/abba"
has err lock-order
has out 'sum 150'
expect 66 "$CT_BIN" report --fail-on=potential order
expect 0 "$CT_BIN" report --fail-on=observed order
