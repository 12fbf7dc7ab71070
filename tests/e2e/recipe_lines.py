"""recipe_lines.py PAGE github|gitlab|sh: the shell lines of an example in a page of the documentation.

GitHub's are those of each `run:`, GitLab's the items of `before_script:` and `script:`, in order.
"""
import re
import sys


def blocks(page, language):
    return re.findall(r"^```" + language + r"\n(.*?)^```$", page, re.M | re.S)


def indent(line):
    return len(line) - len(line.lstrip())


def below(lines, at):
    """The lines that belong to the key in line `at`."""
    depth = indent(lines[at])
    part = []
    for line in lines[at + 1:]:
        if line.strip() and indent(line) <= depth:
            break
        part.append(line.strip())
    return part


def github(lines):
    for at, line in enumerate(lines):
        found = re.match(r"\s*(- )?run: (.*)$", line)
        if found:
            yield from below(lines, at) if found.group(2) == "|" else [found.group(2)]


def gitlab(lines):
    for at, line in enumerate(lines):
        if line.strip() in ("before_script:", "script:"):
            for item in below(lines, at):
                yield re.sub(r"^- ", "", item)


def main():
    page = open(sys.argv[1], encoding="utf-8").read()
    kind = sys.argv[2]
    if kind == "sh":
        (block,) = [b for b in blocks(page, "sh") if "/autograder" in b]
        print(block, end="")
        return
    (block,) = [b for b in blocks(page, "yaml") if ("runs-on" in b) == (kind == "github")]
    lines = list({"github": github, "gitlab": gitlab}[kind](block.split("\n")))
    assert len(lines) >= 4, lines
    print("\n".join(lines))


main()
