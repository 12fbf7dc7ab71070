# GitHub Actions: annotations and the page of the step. Facts from GitHub's documentation, "Workflow
# commands for GitHub Actions", and from actions/toolkit, docs/problem-matchers.md (ten a level).
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
unset GITHUB_STEP_SUMMARY

many() {
	"$CT_PYTHON" "$CT_SOURCE/tests/e2e/many_findings.py" "$@"
}
# counted LEVEL NUMBER FILE
counted() {
	[ "$(grep -c "^::$1 " "$3")" = "$2" ] || fail "not $2 of $1: $(cut -c1-60 "$3")"
}

# The runner's side: takes a command apart and its escapes back.
cat >parse.py <<'END'
"""parse.py FILE: every line is a command; prints level, file, line, title and message of each."""
import re
import sys

LEVELS = ("error", "warning", "notice")
KEYS = ("file", "line", "title")  # col, endColumn and endLine are not known


def unescape(text, codes):
    assert not re.search("%(?!" + "|".join(codes) + ")", text), text
    return re.sub("%(..)", lambda found: chr(int(found[1], 16)), text)


with open(sys.argv[1], "rb") as file:
    lines = file.read().decode("utf-8").split("\n")
assert lines.pop() == ""
for line in lines:
    assert "\r" not in line
    level, properties, message = re.fullmatch("::([a-z]+) ([^:]*)::(.*)", line).groups()
    assert level in LEVELS, line
    pairs = [item.split("=", 1) for item in properties.split(",")]
    assert all(key in KEYS for key, _ in pairs), line
    values = {key: unescape(value, ("25", "0D", "0A", "3A", "2C")) for key, value in pairs}
    assert "line" not in values or int(values["line"]) >= 1
    print(level, [values.get(key) for key in KEYS], repr(unescape(message, ("25", "0D", "0A"))))
END
parsed() {
	"$CT_PYTHON" parse.py "$1" >parsed || fail "parse.py $1: $(cat "$1")"
}

# nothing found: nothing annotated
many 0 >none.std
expect 0 "$CT_BIN" report --github none.txt none.std
[ ! -s none.txt ] || fail "annotations of nothing: $(cat none.txt)"

# as many as GitHub shows, then the number of the others
many 10 10 >ten.std
expect 66 "$CT_BIN" report --github ten.txt ten.std
parsed ten.txt
counted error 10 ten.txt
counted warning 10 ten.txt
counted notice 0 ten.txt
many 12 13 >more.std
expect 66 env GITHUB_STEP_SUMMARY="$PWD/page" "$CT_BIN" report --github=more.txt more.std
parsed more.txt
counted error 10 more.txt
counted warning 10 more.txt
counted notice 1 more.txt
has more.txt '5 more findings without an annotation'
has parsed "error ['left1.c', '11', 'locks are taken in orders that can deadlock (predicted)']"
for number in $(seq 12); do
	has page "left takes \`a$number\`"
done
[ "$(grep -c '^<summary>' page)" = 25 ] || fail "not all are on the page"

# the page: appended to what others wrote; only for --github
printf 'of another command\n' >page
expect 66 env GITHUB_STEP_SUMMARY="$PWD/page" "$CT_BIN" report --github=- ten.std
[ "$(head -1 page)" = 'of another command' ] || fail "the page was replaced"
has page '### conctrace: 10 errors, 10 warnings'
size=$(wc -c <page)
expect 66 env GITHUB_STEP_SUMMARY="$PWD/page" "$CT_BIN" report --gitlab=other.json ten.std
[ "$(wc -c <page)" = "$size" ] || fail "the page grows without --github"
expect 66 env GITHUB_STEP_SUMMARY= "$CT_BIN" report --github=again.txt ten.std
cmp -s again.txt ten.txt || fail "the annotations depend on the page"

# a page that cannot be written is an error, as with any output
expect 2 env GITHUB_STEP_SUMMARY=no/such/page "$CT_BIN" report --github=x.txt ten.std
has err 'cannot write no/such/page: No such file or directory'
expect 70 env GITHUB_STEP_SUMMARY=/dev/full "$CT_BIN" report --github=x.txt ten.std
has err 'cannot write /dev/full: No space left on device'

# GitHub drops a page of more than 1 MiB: it has whole findings, and says how many are missing
many 5000 >many.std
rm page
expect 66 timeout 20 env GITHUB_STEP_SUMMARY="$PWD/page" "$CT_BIN" report --text=/dev/null \
	--github=many.txt many.std
[ "$(wc -c <page)" -le 1000000 ] && [ "$(wc -c <page)" -gt 900000 ] || fail "the page: $(wc -c <page)"
shown=$(grep -c '^<summary>' page)
[ "$(grep -c '^</details>' page)" = "$shown" ] || fail "a finding is cut"
[ "$(tail -1 page)" = "$((5000 - shown)) of 5000 findings are not shown: this page has no room left" ] ||
	fail "the end of the page: $(tail -1 page)"
counted error 10 many.txt
has many.txt '4990 more findings'

# names that would be commands, properties or markup
"$CT_PYTHON" - >hostile.std <<'END'
import sys

out = sys.stdout.buffer
name = b"%0A::error::x\r::set-output name=a::b,c%%\xff</pre></details><img src=x>[l](http://e) `"
for thread, first, second in ((b"::error::t", b"a" + name, b"b"), (b"u", b"b", b"a" + name)):
    for op, lock, line in ((b"acq", first, 1), (b"acq", second, 2), (b"rel", second, 3), (b"rel", first, 4)):
        out.write(b"%s|%s(%s)|f,line=9::x%%0A</summary>.c:%d\n" % (thread, op, lock, line))
END
rm page
expect 66 env GITHUB_STEP_SUMMARY="$PWD/page" "$CT_BIN" report --github=hostile.txt hostile.std
parsed hostile.txt
[ "$(wc -l <hostile.txt)" = 1 ] || fail "more than one command: $(cat hostile.txt)"
has parsed "'f,line=9::x%0A</summary>.c', '2'"
! grep -q '^::\|^##\[' page || fail "a command in the page"
"$CT_PYTHON" - <<'END' || fail "markup of the program's: $(cat page)"
import html.parser


class Page(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        seen.append(tag)


seen = []
with open("page", encoding="utf-8") as file:
    Page().feed(file.read())
assert seen == ["details", "summary", "pre"], seen
END

# several runs: the findings of all, each once
expect 66 timeout 60 "$CT_BIN" run --perturb 3 --runs 3 --github runs.txt --gitlab runs.json -- "$CT_DEMOS/abba"
parsed runs.txt
has runs.txt '::error '
"$CT_PYTHON" - <<'END' || fail "runs.json: $(cat runs.json)"
import json

with open("runs.json", encoding="utf-8") as file:
    ids = [issue["fingerprint"] for issue in json.load(file)]
assert ids and len(ids) == len(set(ids)), ids
with open("runs.txt", encoding="utf-8") as file:
    assert len(file.readlines()) >= len(ids)
END
