"""docs/coverage.md is what hooks.def and events.def say. `coverage.py --write` brings it up to date."""
import re
import sys

import tree

PAGE = "docs/coverage.md"
HEAD = """# Coverage

Which functions of libc are seen, by family, the event that each one is in the trace, and what is not seen
and why. Made by `python3 tests/lint/coverage.py --write` from `preload/hooks/hooks.def` and
`preload/format/events.def`; [hooks](hooks.md) explains.
"""


def events():
    """event's name -> (id, what dump prints, family); definitions have no family"""
    found = {}
    for line in tree.strip(tree.read("preload/format/events.def")).splitlines():
        event = re.match(r'EVENT\((\d+), (\w+), "([^"]+)", (\w+)', line)
        definition = re.match(r'DEFINE\((\d+), (\w+), "([^"]+)"', line)
        if event:
            found[event[2]] = (int(event[1]), event[3], event[4])
        elif definition:
            found.setdefault(definition[2], (int(definition[1]), definition[3] + " (definition)", ""))
    return found


def table():
    """Rows of hooks.def in its order: (section, function, event) and (section, function, None, why)"""
    section, seen, unseen = "", [], []
    for line in tree.read("preload/hooks/hooks.def").splitlines():
        comment = re.match(r"/\* ([a-zA-Z].*?)(?:[;:].*)?(?: \*/)?$", line)
        hook = re.match(r"(?:HOOK|OWN)\(\w+, (\w+), [^,]*?, (\w+), ", line)
        hole = re.match(r'NOT_SEEN\((\w+), (\w+), "(.*)"\)', line)
        if comment:
            section = comment[1][0].upper() + comment[1][1:]
        elif hook:
            seen.append((section, hook[2], hook[1]))
        elif hole:
            unseen.append((section, hole[2], hole[3]))
        elif re.match(r"[A-Z]+\(", line):
            sys.exit(f"coverage: what is this row? {line}")
    return seen, unseen


def group(pairs):
    """[(key, value)] -> [(key, [values])], keys in order of first sight"""
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return list(groups.items())


def code(names):
    return " ".join(f"`{name}`" for name in names)


def page():
    known = events()
    seen, unseen = table()
    lines = [HEAD]
    lines.append(f"{len(seen)} functions are hooked, {len(unseen)} that synchronise or move data are not.")
    for section in dict.fromkeys(row[0] for row in seen + unseen):
        lines += ["", f"## {section}", "", "| functions | event | id |", "| --- | --- | --- |"]
        for event, names in group((e, name) for s, name, e in seen if s == section):
            number, api, _ = known[event]
            lines.append(f"| {code(names)} | `{api}` | {number} |")
        holes = group((why, name) for s, name, why in unseen if s == section)
        if holes:
            lines += ["", "| not seen | why |", "| --- | --- |"]
            lines += [f"| {code(names)} | {why} |" for why, names in holes]
    return "\n".join(lines) + "\n"


text = page()
if "--write" in sys.argv:
    with open(f"{tree.TOP}/{PAGE}", "w", encoding="utf-8") as file:
        file.write(text)
    sys.exit(0)
tree.finish("coverage", [] if tree.files(PAGE) and tree.read(PAGE) == text else
            [f"{PAGE} is not what the tables say: run python3 tests/lint/coverage.py --write"])
