"""Holds the allowed includes against every #include "folder/file" line of the products."""
import re

import tree

# folder: the folders that it may include, besides its own (and base, in analyzer).
# "" stands for the files that lie beside the folders (init.c, main.c).
ALLOWED = {
    "preload": {
        "": "format sys record hooks access steer",
        "format": "",
        "sys": "",
        "record": "sys format",
        "hooks": "record sys format",
        "access": "record sys format",
        "steer": "record sys format",
    },
    "analyzer": {
        "": "cli",
        "base": "",
        "reader": "format",
        "model": "reader format",
        "graph": "",
        "finding": "model",
        "detect": "model graph finding",
        "timing": "model graph",
        "live": "model graph finding format",
        "report": "finding timing graph model",
        "grade": "report finding",
        "cli": "reader model graph finding detect timing live report grade format",
    },
}


def check(path, text):
    half, *folders, _ = path.split("/")
    folder = folders[0] if folders else ""
    if folder not in ALLOWED[half]:
        return [f"{path}: folder {folder} is not in the table of tests/lint/layering.py"]
    allowed = set(ALLOWED[half][folder].split()) | {folder}
    if half == "analyzer":
        allowed.add("base")
    problems = []
    for number, line in enumerate(tree.strip(text).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*"([^"]*)"', line)
        if not match:
            continue
        if match.group(1) == "conctrace.h" and half == "preload":
            continue  # the programs' own header, which needs nothing of ours
        target, slash, _ = match.group(1).rpartition("/")
        if not slash:
            problems.append(f'{path}:{number}: write "folder/{match.group(1)}"')
        elif target.split("/")[0] not in allowed:
            problems.append(f"{path}:{number}: {folder or half} may not include {match.group(1)}")
    return problems


assert check("analyzer/graph/scc.c", '#include "model/model.h"\n')
assert check("analyzer/report/report_text.c", '\n  #  include "detect/detector.h"\n')
assert check("analyzer/detect/detect_x.c", '#include "record/record.h"\n')
assert check("preload/record/thread.c", '#include "hooks/call.h"\n')
assert check("preload/hooks/call.c", '#include "call.h"\n')
assert check("preload/other/x.c", "")
assert not check("analyzer/model/order.c", '#include "base/map.h"\n/* #include "cli/x.h" */\n')
assert not check("preload/hooks/call.c", '#include "hooks/call.h"\n#include <sys/types.h>\n')

tree.finish("layering", [problem for path in tree.files("preload/*.[chS]", "analyzer/*.[ch]")
                         for problem in check(path, tree.read(path))])
