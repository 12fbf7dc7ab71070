# report, graph and dump of text traces.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cat >deadlock.std <<'STD'
T1|acq(a)|bank.c:11
T2|acq(b)|bank.c:21
T1|req(b)|bank.c:12
T2|req(a)|bank.c:22
STD
cat >order.std <<'STD'
T1|acq(a)|bank.c:11
T1|acq(b)|bank.c:12
T1|rel(b)|bank.c:13
T1|rel(a)|bank.c:14
T2|acq(b)|bank.c:21
T2|acq(a)|bank.c:22
T2|rel(a)|bank.c:23
T2|rel(b)|bank.c:24
STD
cat >fine.std <<'STD'
T1|acq(a)|bank.c:11
T1|rel(a)|bank.c:14
T2|acq(a)|bank.c:21
T2|rel(a)|bank.c:24
STD

expect 66 "$CT_BIN" report deadlock.std
has out 'deadlock'
has out 'bank.c:12'
[ ! -s err ] || fail "report says on standard error: $(cat err)"
expect 66 "$CT_BIN" report --fail-on=potential order.std
expect 0 "$CT_BIN" report --fail-on=observed order.std
expect 0 "$CT_BIN" report --fail-on=potential fine.std
expect 5 "$CT_BIN" report --error-exitcode=5 deadlock.std

# the files that options ask for
expect 66 "$CT_BIN" report --sarif=d.sarif --text=d.txt --dot=d.dot --svg=d.svg deadlock.std
cmp -s d.txt out || fail "--text differs from standard output"
"${CT_PYTHON:-python3}" -c 'import json, sys
log = json.load(open("d.sarif"))
assert log["version"] == "2.1.0"
assert [r["ruleId"] for r in log["runs"][0]["results"]] == ["deadlock"], log' || fail "d.sarif"
has d.svg '<svg'
expect 66 "$CT_BIN" report --sarif=- deadlock.std
grep -v commandLine out >printed # which is another one
grep -v commandLine d.sarif | cmp -s - printed || fail "--sarif=- prints something else"
expect 0 "$CT_BIN" graph wait-for deadlock.std
cmp -s d.dot out || fail "--dot of a deadlock is not the wait-for graph"
expect 66 "$CT_BIN" report --fail-on=potential --dot=o.dot order.std
expect 0 "$CT_BIN" graph lock-order order.std
cmp -s o.dot out || fail "--dot without a deadlock is not the lock-order graph"
expect 2 "$CT_BIN" report --sarif=no/such deadlock.std
expect 2 "$CT_BIN" report --sarif=. deadlock.std

# pictures
expect 0 "$CT_BIN" graph lock-order --svg=g.svg --png=g.png order.std
[ ! -s out ] || fail "graph --svg also prints: $(head -3 out)"
has g.svg '<svg'
[ "$(head -c 4 g.png | tail -c 3)" = PNG ] || fail "g.png is no PNG file"
mkdir bin
PATH=$work/bin expect 2 "$CT_BIN" graph lock-order --svg=none.svg order.std
has err 'apt install graphviz'

# colours only when wanted
escape=$(printf '\033')
lacks d.txt "$escape"
expect 66 "$CT_BIN" report --color=always deadlock.std
has out "$escape"
expect 66 "$CT_BIN" report --color=never deadlock.std
lacks out "$escape"

# dump: a line for each event; a reader that goes away is no error
expect 0 "$CT_BIN" dump order.std
[ "$(wc -l <out)" -ge 8 ] || fail "dump has $(wc -l <out) lines"
{
	status=0
	"$CT_BIN" dump order.std 2>err || status=$?
	echo "$status" >status
} | true
case $(cat status) in
0 | 141) ;;
*) fail "dump into a closed pipe: status $(cat status)" ;;
esac
[ ! -s err ] || fail "dump into a closed pipe says: $(cat err)"
[ -e /dev/full ] && {
	status=0
	"$CT_BIN" dump order.std >/dev/full 2>err || status=$?
	[ "$status" = 70 ] || fail "dump to a full disk: status $status"
	has err 'cannot write standard output: No space left on device'
}

# what is no trace
echo 'no trace at all' >prose.txt
expect 2 "$CT_BIN" report prose.txt
has err prose.txt
: >empty.std
expect 2 "$CT_BIN" report empty.std
mkdir folder
expect 2 "$CT_BIN" report folder
has err folder
expect 2 "$CT_BIN" report /dev/null
