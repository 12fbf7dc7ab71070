"""No file names a place that only one machine has, or a package registry's host."""
import re

import tree

# the brackets keep this list from finding itself
PLACES = re.compile(r"/wor[k]/|/far[m]/|/roo[t]/|\.debian\.or[g]|registry\.npmj[s]|pypi\.or[g]|"
                    r"static\.crates\.i[o]|proxy\.golang\.or[g]")

assert PLACES.search("cd " + "/".join(["", "work", "main"])) and not PLACES.search("a work / b")

tree.finish("places", [f"{path}:{number}: {line.strip()[:100]}" for path in tree.all_files()
                       for number, line in enumerate(tree.read(path).splitlines(), 1)
                       if PLACES.search(line)])
