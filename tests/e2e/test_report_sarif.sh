# SARIF: valid, fit for code hosts, fast and small with many findings; whole on real programs; names
# of the program's cannot break it.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
e2e=$CT_SOURCE/tests/e2e

valid() {
	"$CT_PYTHON" "$e2e/check_sarif.py" "$@" || fail "check_sarif.py $*"
}

# no finding, one, very many
"$CT_PYTHON" "$e2e/many_findings.py" 0 >none.std
"$CT_PYTHON" "$e2e/many_findings.py" 1 >one.std
"$CT_PYTHON" "$e2e/many_findings.py" 5000 >many.std
expect 0 "$CT_BIN" report --sarif none.sarif none.std
valid none.sarif 0
expect 66 "$CT_BIN" report --sarif one.sarif one.std
valid one.sarif 1
# measured: half a second; work that grows with the square takes minutes
expect 66 timeout 20 "$CT_BIN" report --text=/dev/null --sarif many.sarif many.std
valid many.sarif 5000
expect 66 "$CT_BIN" report --sarif again.sarif one.std
cmp <(grep -v commandLine one.sarif) <(grep -v commandLine again.sarif) || fail "not the same twice"

# real programs: a lock order, a hang, a race; several runs in one log
expect 66 timeout 60 "$CT_BIN" run --sarif order.sarif -- "$CT_DEMOS/abba"
valid order.sarif 1
has order.sarif '"id": "conctrace/abba/"'
expect 66 timeout 60 "$CT_BIN" run --sarif hang.sarif -- "$CT_DEMOS/abba" --hang
valid hang.sarif
has hang.sarif '"evidence": "observed"'
cat >race.c <<'END'
#include <pthread.h>
static int count;
static void *add(void *arg)
{
	count++;
	return arg;
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, add, NULL);
	count++;
	return pthread_join(thread, NULL);
}
END
mkdir build
(cd build && "$CT_BIN" cc gcc -g -pthread -o ../race ../race.c)
expect 66 timeout 60 "$CT_BIN" run -o race.trace --sarif race.sarif -- ./race
valid race.sarif 1
has race.sarif '"ruleId": "data-race"'
# as it lies in the repository, wherever it was built
has race.sarif '"uri": "race.c", "uriBaseId": "SRCROOT"'
expect 66 timeout 60 "$CT_BIN" run --perturb 3 --runs 2 --sarif runs.sarif -- "$CT_DEMOS/abba"
valid runs.sarif
has runs.sarif 'conctrace/abba/perturb/4/'

# without a line table the binary stands for the source, below the directory or by its name
"$CT_BIN" cc gcc -pthread -o build/bare race.c
cp build/bare bare
strip -g build/bare bare
expect 66 timeout 60 "$CT_BIN" run -o bare.trace --sarif bare.sarif -- build/bare
valid bare.sarif 1
has bare.sarif '"uri": "build/bare"'
(cd build && expect 66 timeout 60 "$CT_BIN" run -o bare.trace --sarif bare.sarif -- ../bare)
valid build/bare.sarif 1
has build/bare.sarif '"uri": "bare"'

# hostile names: of a file, a lock, a thread
"$CT_PYTHON" - >hostile.std <<'END'
import sys

out = sys.stdout.buffer
name = b'[x](http://evil) {0} "quoted"\\ \xff\xc3 <b>'
for thread, first, second in ((b"t](1)", b"a" + name, b"b"), (b"u{9}", b"b", b"a" + name)):
    for op, lock, line in ((b"acq", first, 1), (b"acq", second, 2), (b"rel", second, 3), (b"rel", first, 4)):
        out.write(b"%s|%s(%s)|di r/%%2e#?\xfe\x01*{}.c:%d\n" % (thread, op, lock, line))
END
expect 66 "$CT_BIN" report --sarif hostile.sarif hostile.std
valid hostile.sarif 1
has hostile.sarif 'di%20r/%252e%23%3F%FE%01%2A%7B%7D.c'
