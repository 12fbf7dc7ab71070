#!/bin/bash
# Each line of --lines is one that editors and problem matchers read as gcc's, whatever names the program
# has; what has no source is a line of its own.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

regex='^[^:]+:[0-9]+:[0-9]+: (error|warning|note): .* \[[a-z-]+\]$'
matches() { # FILE LINES
	[ "$(wc -l <"$1")" = "$2" ] || fail "$1 has not $2 lines: $(head -5 "$1")"
	! LC_ALL=C grep -avE "$regex" "$1" >odd || fail "not as a compiler says it: $(head -3 odd)"
	! LC_ALL=C grep -aq "$(printf '[\001-\010\013-\037\177]')" "$1" || fail "control characters in $1"
}

many() {
	"${CT_PYTHON:-python3}" "$CT_SOURCE/tests/e2e/many_findings.py" "$@"
}
many 0 >none.std
expect 0 "$CT_BIN" report --lines none.txt none.std
matches none.txt 0
many 1 1 >two.std
expect 66 "$CT_BIN" report --lines two.txt two.std
matches two.txt 7
grep -E '^left1\.c:11:1: error: .* \[lock-order\]$' two.txt >/dev/null || fail "$(cat two.txt)"
grep -Fx 'right1.c:21:1: note: right locks `a1` [lock-order]' two.txt >/dev/null ||
	fail "$(cat two.txt)"
grep -E '^bank1\.c:1[0-9]:1: warning: .* \[atomicity\]$' two.txt >/dev/null || fail "$(cat two.txt)"
many 1000 4000 >many.std
expect 66 timeout 100 "$CT_BIN" report --lines many.txt many.std
matches many.txt "$(wc -l <many.txt)"
[ "$(grep -c ': error: ' many.txt)" = 1000 ] || fail "not 1000 errors"
[ "$(grep -c ': warning: ' many.txt)" = 4000 ] || fail "not 4000 warnings"

# a program below this folder, and seen from another one
mkdir src elsewhere
cp "$CT_SOURCE/tests/e2e/hostile_names.c" src/names.c
"${CT_CC:-cc}" -g -O0 -pthread -o names src/names.c
expect 66 timeout 60 "$CT_BIN" run --races=off -o names.trace --lines names.txt -- ./names
matches names.txt 4
[ "$(cut -d: -f1 names.txt | sort -u)" = src/names.c ] || fail "$(cat names.txt)"
cd elsewhere
expect 66 "$CT_BIN" report --lines - ../names.trace
matches out 4
[ "$(cut -d: -f1 out | sort -u)" = "$work/src/names.c" ] || fail "$(cat out)"
cd ..

# no source: no line to open
"${CT_CC:-cc}" -O0 -pthread -o bare src/names.c
expect 66 timeout 60 "$CT_BIN" run --races=off -o bare.trace --lines bare.txt -- ./bare
[ "$(wc -l <bare.txt)" = 1 ] || fail "$(cat bare.txt)"
grep -E '^conctrace: error: .* \[lock-order\]$' bare.txt >/dev/null || fail "$(cat bare.txt)"
