# Row 8: x = v, and x is not v.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run_named data-race "$CT_DEMOS/race/impossible"
has out 'x != v: it happened'
has err 'data race on `x`'
run_silent "$CT_DEMOS/race/impossible" --fixed
has out 'x == v, always'
