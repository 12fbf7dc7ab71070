# --gradescope: results.json, field by field as Gradescope's autograder specification has them.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/grades.sh"

fields='
assert set(r) == {"score", "output", "output_format", "tests"}, r.keys()
assert r["score"] in (0, 1) and r["output_format"] == "text"
assert isinstance(r["output"], str) and r["output"]
for t in r["tests"]:
    assert set(t) == {"name", "status", "output", "output_format"}, t.keys()
    assert t["status"] in ("passed", "failed")
assert r["score"] == all(t["status"] == "passed" for t in r["tests"])
status = {t["name"]: t["status"] for t in r["tests"]}
assert len(status) == len(r["tests"])
output = {t["name"]: t["output"] for t in r["tests"]}
'
for errors in 0 1 5000; do
	"${CT_PYTHON:-python3}" "$CT_SOURCE/tests/e2e/many_findings.py" "$errors" >many.std
	expect $((errors ? 66 : 0)) "$CT_BIN" report --gradescope=many.json many.std
	check many.json "$fields
assert status['no deadlocks'] == '$([ "$errors" = 0 ] && echo passed || echo failed)'
assert status['no data races'] == ('passed' if $errors < 2 else 'failed')
assert output['no deadlocks'].count('error[lock-order]') == min($errors, 20)
assert len(r['output']) < 1000"
	[ "$(wc -c <many.json)" -lt 100000 ] || fail "a page of $(wc -c <many.json) bytes"
done
has many.json 'more'
expect 66 "$CT_BIN" report --gradescope=one.json many.std # what fails nothing is told all the same
expect 0 "$CT_BIN" report --fail-on=observed --gradescope=one.json many.std
check one.json "$fields
assert r['score'] == 1 and 'error[lock-order]' in output['no deadlocks']"

hostile >hostile.std
expect 66 "$CT_BIN" report --gradescope=hostile.json hostile.std
check hostile.json "$fields
text = output['no deadlocks']
assert '\\x1b' not in text and '<i>' in text, text"

# programs
make_programs
end='the program ends with status 0'
expect 0 "$CT_BIN" run -q --gradescope=fine.json -- ./fine
check fine.json "$fields
assert r['score'] == 1 and status['$end'] == 'passed'
assert 'no data races' not in status and 'not tested: no data races' in r['output'], r['output']"
expect 3 "$CT_BIN" run -q --gradescope=fails.json -- ./fails
check fails.json "$fields
assert r['score'] == 0 and status['$end'] == 'failed' and status['no deadlocks'] == 'passed'
assert 'exited with status 3' in output['$end']"
expect 66 "$CT_BIN" run -q --gradescope=hangs.json -- ./hangs
check hangs.json "$fields
assert status['$end'] == 'failed' and status['no deadlocks'] == 'failed'
assert 'hangs.c:7' in output['no deadlocks']"

# several runs: the one that fails the most, also if that is the program's own doing
compile second <<'C'
#include <unistd.h>
int main(void)
{
	return symlink("x", "been") < 0 ? 3 : 0; /* the first time only */
}
C
expect 3 "$CT_BIN" run -q --perturb 1 --runs 3 --gradescope=runs.json --check50=runs50.json -- ./second
check runs.json "$fields
assert r['score'] == 0 and status['$end'] == 'failed'"
check runs50.json "assert [t['passed'] for t in r['results']] == [True, None, True, False], r"
