# The page of --html: well formed, complete without a script, needs nothing but itself, says what
# the text report says, and shows hostile names as what they are.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cat >page.py <<'PY'
"""page.py FILE CODE: parses the page, checks what holds for all pages, then runs CODE with
`page` (elements, text of each, ids) at hand."""
import base64, hashlib, html.parser, re, sys

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}

class Element:
    def __init__(self, tag, attrs, parent):
        self.tag, self.attrs, self.parent, self.pieces = tag, dict(attrs), parent, []
        self.classes = (self.attrs.get("class") or "").split()

    @property
    def text(self):
        return "".join(self.pieces)

    def within(self, test):
        at = self
        while at and not test(at):
            at = at.parent
        return at is not None

class Page(html.parser.HTMLParser):
    def __init__(self, data):
        super().__init__()
        self.elements, self.open, self.ids, self.comments = [], [], {}, 0
        self.feed(data)
        self.close()
        assert not self.open, [e.tag for e in self.open]

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), f"an attribute twice: {tag} {attrs}"
        element = Element(tag, attrs, self.open[-1] if self.open else None)
        self.elements.append(element)
        if "id" in element.attrs:
            assert element.attrs["id"] not in self.ids, f"an id twice: {attrs}"
            self.ids[element.attrs["id"]] = element
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID, f"<{tag}/> begins an element that is never ended"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1].tag == tag, (tag, [e.tag for e in self.open])
        self.open.pop()

    def handle_comment(self, data):
        self.comments += 1

    def handle_data(self, data):
        for element in self.open:
            element.pieces.append(data)

    def all(self, tag, cls=None):
        return [e for e in self.elements if e.tag == tag and (not cls or cls in e.classes)]

    def id(self, name):
        return self.ids.get(name)

data = open(sys.argv[1], encoding="utf-8", errors="strict").read()
assert data.startswith("<!DOCTYPE html>\n")
page = Page(data)
assert not page.comments
for element in page.elements:
    for name, value in element.attrs.items():
        assert not name.startswith("on"), (element.tag, name)
        assert name not in ("src", "srcset", "action", "style", "data"), (element.tag, name)
        if name == "href":
            assert value.startswith("#") and page.id(value[1:]), value
        if "://" in (value or ""):
            assert name == "xmlns" or name in ("title", "aria-label"), (element.tag, name, value)
assert not re.search(r"@import|url\((?!#)", page.all("style")[0].text)
policy = [m.attrs["content"] for m in page.all("meta") if m.attrs.get("http-equiv")]
assert len(policy) == 1 and policy[0].startswith("default-src 'none'"), policy
scripts = [s for s in page.all("script") if s.attrs.get("type") != "application/json"]
assert len(scripts) == 1
digest = base64.b64encode(hashlib.sha256(scripts[0].text.encode()).digest()).decode()
assert f"script-src 'sha256-{digest}'" in policy[0], "the policy forbids our own script"
sections = [s.attrs.get("id") for s in page.all("section")]
assert sections[0] == "verdict" and sections[-1] == "not-observed", sections
assert len(page.all("h1")) == 1
exec(sys.argv[2])
PY

# page FILE CODE
page() {
	"${CT_PYTHON:-python3}" -B page.py "$1" "$2" || fail "$1: $2"
	# libxml2 knows no element that is newer than HTML 4
	xmllint --html --noout "$1" 2>&1 | grep 'error : ' | grep -v 'error : Tag [a-z]* invalid$' &&
		fail "xmllint says something about $1"
	return 0
}

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
head -4 order.std >fine.std
seq 30 | sed 's/.*/line &/' >bank.c

# a finding: verdict, picture, places with their source, schedule, fix
expect 66 "$CT_BIN" report --html=order.html order.std
page order.html '
assert "bad" in page.id("verdict").classes and "Problems found" in page.id("verdict").text
assert "T1 takes a then b; T2 takes b then a" in page.id("verdict").text
assert "66" in page.id("verdict").text
assert len(page.all("article")) == 1
article = page.id("finding-1")
assert "predicted" in article.text and "Fix:" in article.text
assert [t.text for t in page.all("text", "name")].count("a") == 1
here = [li.text for li in page.all("li", "here")]
assert here == ["line 11", "line 12", "line 21", "line 22"], here
first = page.all("ol")[[e.parent.tag for e in page.all("ol")].index("div")]
assert first.attrs["start"] == "8", first.attrs
assert [t.text.split(",")[0] for t in page.all("td", "does")][-2:] == ["STUCK: locks b", "STUCK: locks a"]
assert page.id("timing") is None and "There is no timeline" in page.id("timeline").text
'

# none
expect 0 "$CT_BIN" report --html=fine.html fine.std
page fine.html '
assert "good" in page.id("verdict").classes and "No deadlock" in page.id("verdict").text
assert page.id("findings") is None
'

# 5,000: the first are told in full, no byte more than a browser bears
"${CT_PYTHON:-python3}" -B "$CT_SOURCE/tests/e2e/many_findings.py" 5000 >many.std
expect 66 timeout 100 "$CT_BIN" report --html=many.html many.std
page many.html '
assert len(page.all("article")) == 200, len(page.all("article"))
assert "5000 errors" in page.id("verdict").text
assert "There are 5000 findings: the first 200" in page.id("findings").text
rows = [r for r in page.all("tr") if r.within(lambda e: "findings" in e.classes)]
assert len(rows) == 5002, len(rows)
'
[ "$(stat -c %s many.html)" -lt 6000000 ] || fail "the page has $(stat -c %s many.html) bytes"

# names that would like to be markup
cat >hostile.std <<'STD'
</script><script>hacked=1</script>|acq(<!--a)|"onmouseover="x.c:1
</script><script>hacked=1</script>|acq(`&lt;')|]]><b>.c:2
</script><script>hacked=1</script>|rel(`&lt;')|c:3
</script><script>hacked=1</script>|rel(<!--a)|c:4
"><img src=x onerror=hacked=1>|acq(`&lt;')|c:5
"><img src=x onerror=hacked=1>|acq(<!--a)|c:6
STD
expect 66 "$CT_BIN" report --html=hostile.html hostile.std
page hostile.html '
assert not page.all("img") and not page.all("b")
name = "</script><script>hacked=1</script>"
assert name in page.id("finding-1").text, page.id("finding-1").text
assert "<!--a" in page.id("findings").text
'

# a program that ran: where the time went, as the report of times has it
expect 66 timeout 60 "$CT_BIN" run --html=abba.html -o trace -- "$CT_DEMOS/abba" '<script>' --
expect 0 "$CT_BIN" timing --json=timing.json trace
page abba.html '
import json
timing = json.load(open("timing.json"))
assert "<script>" in page.id("verdict").text
here = [li.text.strip() for li in page.all("li", "here")]
assert "pthread_mutex_lock(&savings);" in here, here
assert {"timeline", "timing", "threads", "locks"} <= set(sections), sections
rows = {}
for table in page.all("table", "sortable"):
    cells = [e for e in page.elements if e.tag in ("th", "td", "tr") and e.within(lambda a: a is table)]
    rows[[e.text for e in page.all("caption") if e.parent is table][0]] = [e for e in cells]
threads = [e.text for e in rows["Threads"] if e.tag == "tr"]
assert len(threads) == 1 + len(timing["threads"]), threads
assert [p for p in page.all("li", "place") if float(p.attrs.get("data-t", 0)) > 0]
locks = [e for e in rows["Locks, those waited for longest first"] if e.tag == "tr"]
for lock in timing["locks"]:
    row = [r for r in locks if r.text.startswith(lock["name"].split()[0])]
    assert len(row) == 1, (lock["name"], [r.text for r in locks])
    taken = [e for e in page.all("td") if e.parent is row[0]][3]
    assert taken.attrs["data-v"] == str(lock["acquisitions"]), (taken.text, lock)
'
[ "$(stat -c %s abba.html)" -lt 300000 ] || fail "the page has $(stat -c %s abba.html) bytes"

# the same trace makes the same page
expect 66 "$CT_BIN" report --html=again.html trace
mv again.html once.html
expect 66 "$CT_BIN" report --html=again.html trace
cmp once.html again.html || fail "two pages of one trace differ"
