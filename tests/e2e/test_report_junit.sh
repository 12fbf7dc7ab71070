# --junit: what CI servers read, held against the schema.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/grades.sh"
command -v xmllint >/dev/null || { echo "no xmllint"; exit 77; }

valid() {
	xmllint --nonet --noout --schema "$CT_SOURCE/tests/schemas/junit.xsd" "$1" 2>xmllint ||
		fail "$1 is not what the schema wants: $(head -3 xmllint)"
}

# value FILE XPATH: what that is
value() {
	xmllint --nonet --xpath "string($2)" "$1"
}

is() {
	[ "$(value "$1" "$2")" = "$3" ] || fail "$1: $2 is $(value "$1" "$2"), not $3"
}

# none, one, very many
for errors in 0 1 5000; do
	"${CT_PYTHON:-python3}" "$CT_SOURCE/tests/e2e/many_findings.py" "$errors" 2 >many.std
	expect $((errors ? 66 : 0)) "$CT_BIN" report --junit=many.xml many.std
	valid many.xml
	failures=$(value many.xml 'count(//testcase/failure)')
	is many.xml //testsuite/@failures "$failures"
	is many.xml //testsuite/@tests "$(value many.xml 'count(//testcase)')"
	is many.xml //testsuite/@skipped "$(value many.xml 'count(//skipped)')"
	[ "$failures" = "$errors" ] || fail "$errors errors give $failures failures"
	has many.xml 'classname="deadlock" time="0"/>'
done

# a finding that fails nothing is a case that passes, and is told all the same
"${CT_PYTHON:-python3}" "$CT_SOURCE/tests/e2e/many_findings.py" 1 >one.std
expect 0 "$CT_BIN" report --fail-on=observed --junit=one.xml one.std
valid one.xml
is one.xml 'count(//failure)' 0
has one.xml 'left takes `a1` then `b1`'
xmllint --xpath 'string(//system-out)' one.xml >told
has told 'error[lock-order]'
lacks one.xml 'conctrace: ?'

# names that mean something in XML, and bytes that no XML may have
hostile >hostile.std
expect 66 "$CT_BIN" report --junit=hostile.xml hostile.std
valid hostile.xml
is hostile.xml 'count(//failure)' 1

# a case is known by its name: two locks that look the same
printf 'left|fork(right)|x.c:1\n' >same.std
for lock in '\377' '\\xFF'; do
	printf "left|acq($lock)|x.c:2\nleft|acq(b)|x.c:3\nleft|rel(b)|x.c:4\nleft|rel($lock)|x.c:5
right|acq(b)|x.c:6\nright|acq($lock)|x.c:7\nright|rel($lock)|x.c:8\nright|rel(b)|x.c:9\n" >>same.std
done
expect 66 "$CT_BIN" report --junit=same.xml same.std
is same.xml 'count(//failure)' 2
is same.xml '//failure[1]/@message' "$(value same.xml '(//failure)[2]/@message')"
[ "$(value same.xml '(//failure/../@name)[1]')" != "$(value same.xml '(//failure/../@name)[2]')" ] ||
	fail "two cases of one name: $(cat same.xml)"

# a program, its end, and rules that could not be looked for
compile ends <<'C'
#include <pthread.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
int main(int argc, char **argv)
{
	(void)argv;
	pthread_mutex_lock(&a);
	if (argc > 2)
		pthread_mutex_lock(&a);
	pthread_mutex_unlock(&a);
	return argc > 1 ? 3 : 0;
}
C
expect 0 "$CT_BIN" run -q -o t0 --junit=ends.xml -- ./ends
valid ends.xml
is ends.xml //testsuite/@name 'conctrace: ends'
is ends.xml //testsuite/@errors 0
is ends.xml '//testcase[@classname="data-race"]/skipped/@message' \
	'the program was not compiled by conctrace cc, so that its accesses to memory are not known'
expect 3 "$CT_BIN" run -q -o t1 --junit=ends.xml -- ./ends 1
valid ends.xml
is ends.xml //testsuite/@errors 1
is ends.xml //error/@message 'the program exited with status 3'
expect 66 "$CT_BIN" run -q -o t2 --junit=ends.xml -- ./ends 1 2
valid ends.xml
is ends.xml '//testcase[@classname="self-deadlock"]/failure/@type' observed

# several runs: a suite each
expect 3 "$CT_BIN" run -q -o t3 --perturb 7 --runs 3 --junit=runs.xml -- ./ends 1
valid runs.xml
is runs.xml 'count(//testsuite)' 3
is runs.xml '//testsuite[2]/@name' 'conctrace: ends, seed 8'
is runs.xml '//testsuite[3]/@id' 2

# what a run found before is found again: that is no pass
expect 66 "$CT_BIN" run -q -o t4 --perturb 7 --runs 2 --junit=again.xml -- ./ends 1 2
valid again.xml
is again.xml 'count(//testsuite[1]//failure)' 1
is again.xml 'count(//testsuite[2]//failure)' 0
is again.xml '//testsuite[2]/testcase[@classname="self-deadlock"]/skipped/@message' 'found in an earlier run'
is again.xml '//testsuite[2]/@skipped' "$(value again.xml 'count(//testsuite[2]//skipped)')"

# of very many that fail nothing the first are told in full
"${CT_PYTHON:-python3}" "$CT_SOURCE/tests/e2e/many_findings.py" 1000 >passed.std
expect 0 "$CT_BIN" report --fail-on=observed --junit=passed.xml passed.std
valid passed.xml
value passed.xml //system-out >told
[ "$(wc -c <told)" -lt 400000 ] || fail "system-out has $(wc -c <told) bytes"
told=$(grep -c '^error\[' told)
has told "... $((1000 - told)) more that fail nothing"
