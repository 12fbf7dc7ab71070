"""Every function of hooks.def is called by a program of tests/preload/programs/, by name."""
import re

import tree

# Called by no source, and why.
NOT_BY_NAME = {
    "__uflow": "getc's inline form calls it", "__overflow": "putc's inline form calls it",
}


def words(paths):
    return {word for path in paths for word in re.findall(r"\w+", tree.strip(tree.read(path), True))}


called = words(tree.files("tests/preload/programs/*.c", "tests/preload/programs/*.cpp",
                          "tests/preload/programs/*.h"))
names = [arguments[3] for macro, arguments in tree.rows("preload/hooks/hooks.def") if macro == "HOOK"]
tree.finish("hook_tests", [f"no program of tests/preload/programs calls {name}"
                           for name in names if name not in called and name not in NOT_BY_NAME])
