"""libconctrace.so exports the functions of hooks.def and entries.def and nothing else, of those with other code for
old programs each version that libc has, and needs libc alone."""
import os
import re
import subprocess

import tree

TABLE = "preload/hooks/hooks.def"
ENTRIES = "preload/access/entries.def"
# Exported although not a hook: name, and why.
ALSO = {"conctrace_access_library": "the stub in an instrumented program looks for it"}
NEEDED = {"libc.so.6", "ld-linux-x86-64.so.2"}


def hooks(rows):
    """The fourth argument of every HOOK or OWN (SHAPE, EVENT, ret, name, ...)."""
    return {arguments[3] for macro, arguments in rows if macro in ("HOOK", "OWN")}


def entries(rows):
    """The name is the first argument of a row, or the second after the type of the result."""
    return {arguments[1 if macro in ("ENTRY", "USER") else 0] for macro, arguments in rows}


def compare(exported, table):
    return [f"exported, but not in a table: {name}" for name in sorted(exported - table)] + \
           [f"in a table, but not exported: {name}" for name in sorted(table - exported)]


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def exports(listing):
    """name -> {"@version" or "@@version", "" of none: address}, of what `nm -D` lists"""
    found = {}
    for line in listing.splitlines():
        address, kind, symbol = line.split()
        name = symbol.split("@")[0]
        if kind != "A":  # the versions themselves
            found.setdefault(name, {})[symbol[len(name):]] = address
    return found


def check_versions(ours, libc):
    """A name without a version stands for all, so libc must have one code only; else all must be there."""
    problems = []
    for name, versions in ours.items():
        theirs = libc.get(name, {})
        if "" in versions:
            wrong = len(set(theirs.values())) > 1 or (theirs and not any("@@" in v for v in theirs))
        else:
            wrong = set(versions) != set(theirs)
        if wrong:
            problems.append(f"{name} is exported as {sorted(versions)}, but libc has {sorted(theirs)}")
    return problems


assert hooks([("HOOK", ["BEFORE", "EXIT", "void", "_exit", "(int s"]),
              ("NOT_SEEN", ["a", "b", "c", "d"])]) == {"_exit"}
assert entries([("ACCESS", ["a", "READ"]), ("USER", ["int", "b", "(void"])]) == {"a", "b"}
assert len(compare({"a", "b"}, {"b", "c"})) == 2

assert exports("10 T f@@V2\n08 T f@V1\n00 A V1\n") == {"f": {"@@V2": "10", "@V1": "08"}}
assert check_versions({"f": {"": "1"}}, {"f": {"@@V2": "10", "@V1": "08"}})
assert check_versions({"f": {"@@V2": "1"}}, {"f": {"@@V2": "10", "@V1": "08"}})
assert check_versions({"f": {"": "1"}}, {"f": {"@V1": "08"}})
assert not check_versions({"f": {"": "1"}, "g": {"": "2"}}, {"f": {"@@V2": "10", "@V1": "10"}})

library = os.environ["CT_LIB"]
ours = exports(output("nm", "-D", "--defined-only", library))
problems = compare(set(ours), hooks(tree.rows(TABLE)) | entries(tree.rows(ENTRIES)) | set(ALSO))
libc = output(os.environ.get("CT_CC", "cc"), "-print-file-name=libc.so.6").strip()
problems += check_versions(ours, exports(output("nm", "-D", "--defined-only", libc)))
for line in output("readelf", "-dW", library).splitlines():
    match = re.search(r"\(NEEDED\).*\[(.*)\]", line)
    if match and match.group(1) not in NEEDED:
        problems.append(f"needs {match.group(1)}: its symbols would come before the program's")
    if "(TEXTREL)" in line:
        problems.append("has text relocations")
if "DTPMOD" in output("readelf", "-rW", library):
    problems.append("has dynamic TLS: use initial-exec (dynamic TLS allocates)")
tree.finish("exports", problems)
