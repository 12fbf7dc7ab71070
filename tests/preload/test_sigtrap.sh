# SIGTRAP belongs to the traps, and a program must not notice. Whatever it blocks, a trap does not
# end it.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

with_traps() {
	CONCTRACE_OPTIONS="dir=$work/trace:races=traps" LD_PRELOAD="$CT_LIB" timeout 60 "$@"
}

program=$CT_PROGRAMS/sigtrap
"$program" >"$work/expected"
with_traps "$program" >"$work/got" || fail "sigtrap: status $?"
cmp -s "$work/expected" "$work/got" || fail "sigtrap: $(diff "$work/expected" "$work/got" | head -5)"
same 1 "$program"

program=$CT_PROGRAMS/sigtrap_masked
for run in 1 2 3; do
	with_traps "$program" >"$work/got" || fail "sigtrap_masked: status $?"
	! grep -Eq 'way [0-9]+: [^0]|kernel [^0]' "$work/got" || fail "SIGTRAP is blocked: $(cat "$work/got")"
	grep -q '^context 2, ' "$work/got" || fail "contexts: $(cat "$work/got")"
	grep -q '^handled 6, ' "$work/got" || fail "sigtrap_masked: $(cat "$work/got")"
done
same 1 "$program"
