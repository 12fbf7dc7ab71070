# GitLab's Code Quality report: the fields of its documentation ("Code Quality", section "Code
# Quality report format"), of no finding and of many, of real programs and of hostile names.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cat >check.py <<'END'
"""check.py REPORT COUNT: prints severity, check_name and path:line of each."""
import json
import sys

FIELDS = {"description": str, "check_name": str, "fingerprint": str, "severity": str, "location": dict}
SEVERITIES = ("info", "minor", "major", "critical", "blocker")

with open(sys.argv[1], "rb") as file:
    data = file.read()
assert not data.startswith(b"\xef\xbb\xbf"), "a byte order mark"
issues = json.loads(data.decode("utf-8"))
assert isinstance(issues, list) and len(issues) == int(sys.argv[2]), len(issues)
for issue in issues:
    assert {name: type(value) for name, value in issue.items()} == FIELDS, issue
    assert issue["description"] and issue["check_name"] and issue["fingerprint"], issue
    assert issue["severity"] in SEVERITIES, issue
    path, line = issue["location"]["path"], issue["location"]["lines"]["begin"]
    assert path and not path.startswith(("/", "./", "../")), path
    assert isinstance(line, int) and line >= 1, line
    print(issue["severity"], issue["check_name"], f"{path}:{line}")
assert len({issue["fingerprint"] for issue in issues}) == len(issues), "a fingerprint is there twice"
END
check() {
	"$CT_PYTHON" check.py "$@" >checked || fail "check.py $*"
}

many() {
	"$CT_PYTHON" "$CT_SOURCE/tests/e2e/many_findings.py" "$@"
}
many 0 >none.std
many 1 1 >two.std
many 5000 >many.std
expect 0 "$CT_BIN" report --gitlab none.json none.std
check none.json 0
expect 66 "$CT_BIN" report --gitlab two.json two.std
check two.json 2
has checked 'major lock-order left1.c:11'
has checked 'minor atomicity bank1.c:11'
expect 66 timeout 20 "$CT_BIN" report --text=/dev/null --gitlab many.json many.std
check many.json 5000

# observed and confirmed are worse than predicted
cat >hang.std <<'END'
T1|acq(a)|src/a.c:1
T2|acq(b)|src/a.c:2
T1|req(b)|src/a.c:3
T2|req(a)|src/a.c:4
END
expect 66 "$CT_BIN" report --gitlab hang.json hang.std
check hang.json 1
has checked 'critical deadlock src/a.c:3'

# a program, built elsewhere, run at the root of its sources; then without a line table
mkdir src build
cat >src/twice.c <<'END'
#include <pthread.h>
int main(void)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&lock);
	return pthread_mutex_lock(&lock);
}
END
(cd build && gcc -g -O0 -pthread -o twice ../src/./twice.c)
expect 66 timeout 60 "$CT_BIN" run -o whole --gitlab twice.json -- build/twice
check twice.json 1
has checked 'critical self-deadlock src/twice.c:6'
strip -g build/twice
expect 66 timeout 60 "$CT_BIN" run -o trace --gitlab twice.json -- build/twice
check twice.json 1
has checked 'critical self-deadlock build/twice:1'

# what no editor could print, in all names
printf 't\\\001|%s(l"\377\033[m)|d\376\001.c:%d\n' acq 1 req 2 >hostile.std
expect 66 "$CT_BIN" report --gitlab hostile.json hostile.std
check hostile.json 1
LC_ALL=C grep -q '[[:cntrl:]]' checked && fail "a control character"
exit 0
