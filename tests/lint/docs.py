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


# table, its rows' names, the pages of which one must mention each
TABLES = [
    ("preload/format/events.def", lambda a: [a[2]], ["docs/trace-format.md"]),
    ("preload/hooks/hooks.def", lambda a: [a[3]], ["docs/hooks.md"]),
    ("analyzer/detect/detectors.def", lambda a: rule_ids(a[0]), ["docs/rules.md"]),
    ("analyzer/report/reporters.def", lambda a: [a[0]], ["docs/reports.md"]),
    ("analyzer/cli/commands.def", lambda a: [a[0]], ["README.md", "docs/man/*.scd"]),
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
    wanted = [name for _, arguments in tree.rows(table) for name in names(arguments)]
    if not wanted:
        return [f"{table} has no rows"]
    return [f"{table}: {name} is not in {' or '.join(pages)}"
            for name in wanted if name not in words]


assert mentioned("# A `b-c`\nprose `d(e)`\n```\nf\n```\n") == {"A", "b-c", "d", "e", "f"}
assert mentioned_manual("*conctrace run* prose") == {"conctrace", "run"}

tree.finish("docs", [problem for row in TABLES for problem in check(*row)])
