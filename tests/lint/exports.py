"""libconctrace.so exports the functions of hooks.def and nothing else, and needs libc alone."""
import os
import re
import subprocess

import tree

TABLE = "preload/hooks/hooks.def"
# Exported although not a hook: name, and why.
ALSO = {}
NEEDED = {"libc.so.6", "ld-linux-x86-64.so.2"}


def hooks(rows):
    """The fourth argument of every HOOK...(SHAPE, EVENT, ret, name, ...)."""
    return {arguments[3] for macro, arguments in rows if macro.startswith("HOOK")}


def compare(exported, table):
    return [f"exported, but not in {TABLE}: {name}" for name in sorted(exported - table)] + \
           [f"in {TABLE}, but not exported: {name}" for name in sorted(table - exported)]


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


assert hooks([("HOOK_VOID", ["BEFORE", "EXIT", "void", "_exit", "(int s"]),
              ("OTHER", ["a", "b", "c", "d"])]) == {"_exit"}
assert len(compare({"a", "b"}, {"b", "c"})) == 2

library = os.environ["CT_LIB"]
names = {line.split()[-1].split("@")[0]
         for line in output("nm", "-D", "--defined-only", library).splitlines()}
problems = compare(names, hooks(tree.rows(TABLE)) | set(ALSO))
for line in output("readelf", "-dW", library).splitlines():
    match = re.search(r"\(NEEDED\).*\[(.*)\]", line)
    if match and match.group(1) not in NEEDED:
        problems.append(f"needs {match.group(1)}: its symbols would come before the program's")
    if "(TEXTREL)" in line:
        problems.append("has text relocations")
if "DTPMOD" in output("readelf", "-rW", library):
    problems.append("has dynamic TLS: use initial-exec (dynamic TLS allocates)")
tree.finish("exports", problems)
