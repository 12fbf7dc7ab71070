#!/bin/sh
# A race of an unmodified program, in all reports: what the memory is called, by a symbol, by the line that writes
# it, or by where it is; the same finding in each run, so that baselines and suppressions know it.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
command -v "${CT_CC:-cc}" >/dev/null || exit 77

# Two threads that do nothing but race: they meet in each run.
cat >source.txt <<'C'
#include <pthread.h>
#include <stdlib.h>
struct tally {
	long count;
	int balance;
};
static int total;
static void (*volatile release)(void *);
static pthread_barrier_t start;
static void *add(void *argument)
{
	struct tally *tally = argument;
	pthread_barrier_wait(&start);
	for (int i = 0; i < 2000000; i++) {
		total--;
#ifdef STATIC
		__asm__ volatile("" : : : "memory");
#else
		tally->balance++;
#endif
	}
	return NULL;
}
int main(void)
{
	pthread_t threads[2];
	struct tally *tally = calloc(1, sizeof(*tally));
	pthread_barrier_init(&start, NULL, 2);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, add, tally);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
	release = free;
	release(tally);
	return 0;
}
C
cp source.txt racy.c
"${CT_CC:-cc}" -g -O0 -pthread -o racy racy.c
"${CT_CC:-cc}" -DSTATIC -g -O2 -s -fno-pie -no-pie -pthread -o stripped racy.c

expect 66 timeout 60 "$CT_BIN" run -o t --json t.json --sarif t.sarif --junit t.xml --html t.html -- ./racy
if ! grep -q 'data races were looked for at' err; then
	grep 'data races were not looked for' err
	exit 77
fi
has err 'error[data-race]: data race on `total`: T'
has err 'error[data-race]: data race on what racy.c:19 calls `tally->balance`: T'
has err '  memory: what racy.c:19 calls `tally->balance`: heap or mapped memory'
has err ', at the same time'
has err '  observed: it happened in this run'
grep -q '^  value: \(0\|-[0-9]*\) \(when\|all\)' err || fail "what stood in total: $(grep '^  value' err)"
[ "$(grep -c '^error\[data-race\]' err)" = 2 ] || fail "a race is told twice"
"${CT_PYTHON:-python3}" - <<'P' || fail "the reports"
import json, xml.etree.ElementTree as tree
report = json.load(open("t.json"))
found = (report["runs"][0] if "runs" in report else report)["findings"]
assert {f["rule"] for f in found} == {"data-race"} and {f["evidence"] for f in found} == {"observed"}
assert all(f["fails"] and "T" in f["value"] for f in found), found
assert len({f["id"] for f in found}) == 2 and all(f["id"].endswith(":1") for f in found), found
assert {f["location"]["line"] for f in found} == {15, 19}, found
results = json.load(open("t.sarif"))["runs"][0]["results"]
assert {r["partialFingerprints"]["conctrace/v1"] for r in results} == {f["id"] for f in found}
assert len(tree.parse("t.xml").getroot().findall(".//failure")) == 2
P
grep -q 'at the same time' t.html || fail "the page has no race"

# In another run they are the same two, whichever thread was held, and whatever addresses are.
expect 0 timeout 60 "$CT_BIN" run -o second --baseline t.json -- ./racy
has err 'known from the baseline: '
expect 66 "$CT_BIN" report --gen-suppressions=t.supp t
expect 0 "$CT_BIN" report --suppressions=t.supp second
has out 'suppressed: '
expect 66 "$CT_BIN" report --github annotations t
grep -q '^::error file=.*racy.c,line=19,' annotations || fail "no annotation: $(cat annotations)"
expect 66 timeout 100 "$CT_BIN" run --runs 2 -o twice -- ./racy
has err '2 runs: '

# Without symbols: where it is. In what is no PIE libc's free has an address in the program, if the program asks for it.
expect 66 timeout 60 "$CT_BIN" run -o bare --json bare.json -- ./stripped
has err 'data race on static memory at stripped+0x'
expect 0 timeout 60 "$CT_BIN" run -o again --baseline bare.json -- ./stripped

# A line that was written after the program was built tells nothing.
touch -d '+1 hour' racy.c
"$CT_BIN" report t >out || :
has out 'on heap or mapped memory'
