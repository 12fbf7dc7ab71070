# When the record has reached its limit, what threads hold and wait for is still known: a circle of
# locks is named. What else they did is not, and nothing is said that would need it.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 66 timeout 20 "$CT_BIN" run --max-trace=1M -o locks -- "$CT_HANG/stopped" locks
has err "program hangs"
has err "error[deadlock]"
has err "observed"

for variant in given posts; do
	expect 0 timeout 20 "$CT_BIN" run --max-trace=1M -o $variant -- "$CT_HANG/stopped" $variant
	lacks err "error["
done
