"""Every row of the five tables is in the docs: as `code`, in a code block or in a heading."""
import re

import tree

WORD = re.compile(r"[A-Za-z0-9_-]+")


def mentioned(markdown):
    """The words that a page of Markdown names, leaving out its prose."""
    fences = re.compile(r"^\s*```.*?^\s*```", re.S | re.M)
    parts = fences.findall(markdown)
    rest = fences.sub("", markdown)
    parts += re.findall(r"`([^`\n]+)`", rest) + re.findall(r"^#+ (.*)$", rest, re.M)
    return {word for part in parts for word in WORD.findall(part)}


def mentioned_manual(scd):
    """The same of a man page: *bold* words and headings."""
    parts = re.findall(r"\*([^*\n]+)\*", scd) + re.findall(r"^#+ (.*)$", scd, re.M)
    return {word for part in parts for word in WORD.findall(part)}


def rule_ids(detector):
    """A detector's rules: each .id = "..." of its source, else its name."""
    sources = tree.files(f"analyzer/detect/detect_{detector}.c")
    ids = [i for path in sources for i in re.findall(r'\.id\s*=\s*"([^"]+)"', tree.read(path))]
    return ids or [detector.replace("_", "-")]


def hooked(macro, arguments):
    """The function of a HOOK or OWN row; what is NOT_SEEN is in docs/coverage.md, which is generated."""
    return [] if macro == "NOT_SEEN" else [arguments[3]]


# table, its rows' names (of a macro and its arguments), the pages of which one must mention each
TABLES = [
    ("preload/format/events.def", lambda _, a: [a[2]], ["docs/trace-format.md"]),
    ("preload/hooks/hooks.def", hooked, ["docs/hooks.md"]),
    ("analyzer/detect/detectors.def", lambda _, a: rule_ids(a[0]), ["docs/rules.md"]),
    ("analyzer/report/reporters.def", lambda _, a: [a[0]], ["docs/reports.md"]),
    ("analyzer/cli/commands.def", lambda _, a: [a[0]], ["README.md", "docs/man/*.scd"]),
]


def check(table, names, pages):
    paths = tree.files(*pages)
    if not tree.files(table):
        return [f"{table} is missing"]
    if not paths:
        return [f"{' and '.join(pages)} missing: the rows of {table} belong there"]
    words = set()
    for path in paths:
        words |= (mentioned_manual if path.endswith(".scd") else mentioned)(tree.read(path))
    wanted = [name for row in tree.rows(table) for name in names(*row)]
    if not wanted:
        return [f"{table} has no rows"]
    return [f"{table}: {name} is not in {' or '.join(pages)}"
            for name in wanted if name not in words]


# of what a table's row looks like, the row of docs/trace-format.md that says the same
FORMAT_ROWS = [
    ("preload/format/events.def", r'^EVENT\((\d+), \w+, "(.*?)", \w+, (\w+), (\w+), "(.*)"\)$',
     lambda number, api, effect, payload, text: f"| {number} | `{api}` | {payload} | {effect} | {text} |"),
    ("preload/format/events.def", r'^DEFINE\((\d+), \w+, "(.*?)", (\w+), "(.*)"\)$',
     lambda number, api, payload, text: f"| {number} | `{api}` | {payload} | {text} |"),
    ("preload/format/payloads.def", r'^PAYLOAD\((\w+), \d+, \d+, "(.*);"\)$',
     lambda name, fields: f"| {name} | `{fields}` |"),
]


def check_format(table, row, shown):
    lines = set(tree.read("docs/trace-format.md").splitlines())
    wanted = [shown(*values) for values in re.findall(row, tree.read(table), re.M)]
    if not wanted:
        return [f"{table}: no row looks like {row}"]
    return [f"docs/trace-format.md lacks: {line}" for line in wanted if line not in lines]


assert mentioned("# A `b-c`\nprose `d(e)`\n```\nf\n```\n") == {"A", "b-c", "d", "e", "f"}
assert mentioned_manual("*conctrace run* prose") == {"conctrace", "run"}

tree.finish("docs", [problem for row in TABLES for problem in check(*row)] +
            [problem for row in FORMAT_ROWS for problem in check_format(*row)])
