# --check50: what check50 writes with -o json, field by field as its JSON specification has them.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/grades.sh"

fields='
assert set(r) == {"slug", "results", "version"}, r.keys()
assert isinstance(r["slug"], str) and isinstance(r["version"], str)
for t in r["results"]:
    assert set(t) == {"name", "description", "passed", "log", "cause", "data", "dependency"}
    assert t["passed"] in (True, False, None) and t["data"] == {} and t["dependency"] is None
    assert all(isinstance(line, str) and "\n" not in line for line in t["log"])
    assert (t["cause"] is None) == (t["passed"] is True)
    assert t["cause"] is None or set(t["cause"]) == {"rationale", "help"}
of = {t["name"]: t for t in r["results"]}
assert list(of) == ["deadlocks", "data-races", "misuse", "end"], list(of)
'
for errors in 0 1 5000; do
	"${CT_PYTHON:-python3}" "$CT_SOURCE/tests/e2e/many_findings.py" "$errors" >many.std
	expect $((errors ? 66 : 0)) "$CT_BIN" report --check50=many.json many.std
	check many.json "$fields
assert of['deadlocks']['passed'] == ($errors == 0)
assert sum('error[lock-order]' in line for line in of['deadlocks']['log']) == min($errors, 20)
assert of['end']['passed'] is None"
done
check many.json "$fields
assert 'same order' in of['deadlocks']['cause']['help']"

hostile >hostile.std
expect 66 "$CT_BIN" report --check50=hostile.json hostile.std
check hostile.json "$fields
text = of['deadlocks']['cause']['rationale']
assert '\\x1b' not in text and '<i>' in text, text"

# programs
make_programs
expect 0 "$CT_BIN" run -q --check50=fine.json -- ./fine
check fine.json "$fields
assert r['slug'] == 'fine' and of['end']['passed'] and of['deadlocks']['passed']
assert of['data-races']['passed'] is None and 'conctrace cc' in of['data-races']['cause']['rationale']"
expect 3 "$CT_BIN" run -q --check50=fails.json -- ./fails
check fails.json "$fields
assert of['end']['passed'] is False and 'status 3' in of['end']['cause']['rationale']"
expect 66 "$CT_BIN" run -q --check50=hangs.json -- ./hangs
check hangs.json "$fields
assert of['deadlocks']['passed'] is False and 'waits' in of['deadlocks']['cause']['rationale']"
