# How data races are looked for: --races, --traps and --races-budget come to the recorder, before or behind the
# user's own settings; --runs merges what several runs find; steered runs are without traps.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
command -v "${CT_CC:-cc}" >/dev/null || exit 77

# settings of the recorder, as the program itself has them in its environment
settings() { # PATTERN COMMAND...
	pattern=$1
	shift
	rm -rf trace
	expect 0 timeout 60 "$@" -o trace -- sh -c 'echo ":$CONCTRACE_OPTIONS:"'
	case $(cat out) in
	*$pattern*) ;;
	*) fail "$pattern is not in: $(cat out)" ;;
	esac
}
settings ':races=auto:trace=*' "$CT_BIN" run
settings ':trace=*:races=traps:traps=main,libx.so.1:races_budget=0:' \
	"$CT_BIN" run --races=traps --traps=main,libx.so.1 --races-budget=0
export CONCTRACE_OPTIONS=races=off:races_budget=20
settings ':races=auto:races=off:races_budget=20:trace=*' "$CT_BIN" run
grep -q 'races = "off"' trace/metadata || fail "the user's own setting does not win over the default"
settings ':races=off:races_budget=20:trace=*:races=auto:' "$CT_BIN" run --races=auto
grep -q 'races = "auto"' trace/metadata || fail "the option does not win over the user's setting"
unset CONCTRACE_OPTIONS

for wrong in --races=trap --races= --traps= --traps=a:b --races-budget=101 --races-budget=-1 '--races=off --traps=all'; do
	# shellcheck disable=SC2086 # two words
	expect 2 "$CT_BIN" run $wrong -- touch ran
done
has err '--traps has no use with --races=off'
[ ! -e ran ] || fail "the program ran"

# Two threads that do nothing but race, for long enough to meet in each run.
cat >source.txt <<'C'
#include <pthread.h>
static volatile int total;
static void *add(void *unused)
{
	for (int i = 0; i < 300000; i++)
		total = total + 1;
	return unused;
}
int main(void)
{
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, add, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
C
compile racy <source.txt
"$CT_BIN" cc -- "${CT_CC:-cc}" -O0 -pthread -o compiled -x c source.txt

# No one finding twice, whichever run had it first; trace folders and reports have the run's number.
expect 66 timeout 100 "$CT_BIN" run --runs 3 -o t --json t.json --sarif t.sarif --junit t.xml -- ./compiled
has err 'run 3 of 3'
has err '3 runs: '
has err 'data-race, predicted, in each of 3 runs (t.run-1): data race on `total`'
[ "$(grep -c '^error\[data-race\].* on `total`' err)" = "$(grep -c 'data-race, predicted, in' err)" ] ||
	fail "a finding is told more than once"
for run in 1 2 3; do
	[ -f "t.run-$run/metadata" ] || fail "run $run has no trace"
done
"${CT_PYTHON:-python3}" - <<'P' || fail "the reports of the three runs"
import json, xml.etree.ElementTree as tree
runs = json.load(open("t.json"))["runs"]
assert [run["run"] for run in runs] == [1, 2, 3] and not any("seed" in run for run in runs)
assert runs[0]["findings"] and not runs[1]["findings"] and runs[1]["hidden"]
sarif = json.load(open("t.sarif"))["runs"]
assert [run["automationDetails"]["id"] for run in sarif] == [f"conctrace/compiled/run/{n}/" for n in (1, 2, 3)]
suites = tree.parse("t.xml").getroot()
assert [suite.get("name").rsplit(", ", 1)[1] for suite in suites] == ["run 1", "run 2", "run 3"]
P

# The status is that of the first run that failed; a finding of one run is told with its number.
cat >second.txt <<'C'
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
int main(void)
{
	static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	int file = open("count", O_WRONLY | O_CREAT | O_APPEND, 0600);
	off_t runs = write(file, "x", 1) == 1 ? lseek(file, 0, SEEK_CUR) : 0;
	pthread_mutex_lock(&m);
	if (runs == 2)
		pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
	return runs == 1 ? 3 : 0;
}
C
compile second <second.txt
expect 66 timeout 60 "$CT_BIN" run --runs 3 -o s -- ./second
has err 'self-deadlock, observed, in run 2 of 3 (s.run-2): '
has err '3 runs: 1 finding'
rm count
expect 3 timeout 60 "$CT_BIN" run --runs 1 -o one -- ./second
lacks err 'run 1 of 1'
[ -f one/metadata ] || fail "one run has no trace of that name"
expect 2 "$CT_BIN" run --runs 0 -- true
expect 2 "$CT_BIN" run --runs 2 --svg x.svg -- true

# off: nothing is looked for, also of what was compiled for it; compiled: said what that needs
expect 0 timeout 60 "$CT_BIN" run --races=off -o off --json off.json -- ./compiled
lacks err data-race
has err 'data races were not looked for: they were not to be (races=off)'
"${CT_PYTHON:-python3}" - <<'P' || fail "accesses were recorded"
import json
assert json.load(open("off.json"))["runs"][0]["recorded"]["accesses"] == "none"
P
expect 0 timeout 60 "$CT_BIN" run --races=compiled -o plain -- ./racy
has err 'data races were not looked for: ./racy was not built with "conctrace cc"'
expect 66 timeout 60 "$CT_BIN" run --races=compiled -o built -- ./compiled
lacks err 'not looked for'

# what needs the trap engine
if "$CT_BIN" doctor | grep -q '^ok .*code can get traps'; then
	traps() { # of a trace: the recorder's own account of them
		"$CT_BIN" dump "$1" | grep access_traps || true
	}
	expect 0 timeout 60 "$CT_BIN" run --fail-on=observed --races=traps -o caught --error-exitcode=0 -- ./racy
	has err '[data-race]: data race on `total`'
	traps caught | grep -q 'places=[1-9]' || fail "no places: $(traps caught)"
	rm -rf plain
	expect 0 timeout 60 "$CT_BIN" run --races=compiled -o plain -- ./racy
	[ -z "$(traps plain)" ] || fail "--races=compiled has traps"
	expect 0 timeout 60 "$CT_BIN" run --error-exitcode=0 -o both -- ./compiled
	! traps both | grep -q 'places=[1-9]' || fail "traps beside what is compiled in"
	# a program without threads, and one that is steered
	expect 0 timeout 60 "$CT_BIN" run --races=traps -o alone -- true
	lacks err 'races were'
	compile abba <"$CT_SOURCE/demos/abba.c"
	expect 66 timeout 100 "$CT_BIN" run --confirm -o c -- ./abba
	has err 'confirmed after'
	grep -q 'races = "compiled"' c.confirm-1/metadata || fail "a steered run has traps"
fi
