"""Files, headers and functions stay small."""
import shutil
import subprocess
import tempfile

import tree

FILE_LINES = 600
HEADER_LINES = 150
FUNCTION_LINES = 80
EXEMPT = ("demos/", "tests/")  # of the limit for functions


def functions(paths, folder):
    """(path, name, lines) of every function, by Universal Ctags."""
    if not paths:
        return
    listed = subprocess.run(
        ["ctags", "-x", "--c-kinds=f", "--fields=+e",
         "--_xformat=%{input}\t%{name}\t%{line}\t%{end}", *paths],
        cwd=folder, capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        path, name, start, end = line.split("\t")
        if end:
            yield path, name, int(end) - int(start) + 1


def long_functions(paths, folder):
    return [f"{path}: {name} has {lines} lines, more than {FUNCTION_LINES}"
            for path, name, lines in functions(paths, folder) if lines > FUNCTION_LINES]


def self_check():
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in (("above", FUNCTION_LINES), ("below", FUNCTION_LINES - 4)):
            with open(f"{folder}/{name}.c", "w", encoding="utf-8") as file:
                file.write(f"int {name}(void)\n{{\n" + "\tg();\n" * lines + "\treturn 0;\n}\n")
        assert len(long_functions(["above.c", "below.c"], folder)) == 1


problems = []
for path in tree.files("*.c", "*.h", "*.py", "*.sh"):
    limit = HEADER_LINES if path.endswith(".h") else FILE_LINES
    lines = tree.read(path).count("\n")
    if lines > limit:
        problems.append(f"{path}: {lines} lines, more than {limit}")
if shutil.which("ctags"):
    self_check()
    problems += long_functions([p for p in tree.files("*.c") if not p.startswith(EXEMPT)],
                               tree.TOP)
else:
    print("ctags is missing: functions were not measured")
tree.finish("sizes", problems)
