"""A page of the documentation that shows commands, as a script that types them.

page.py script PAGE    the script, for bash: it calls
    type_in COMMAND            for each line with a "$ " in front of it in a block "console"
    shown <<TEXT               for what stands below it
    write NAME <<TEXT          for each other block that begins with a comment that is a file's name
    change <<TEXT              for each block "diff"
    install LINE               for each line of the block "sh"
page.py check FILE     whether FILE is what the text on standard input shows: the same lines, and
                       where "..." stands in it, any further ones
"""
import re
import sys

FILE_NAME = re.compile(r"^(?:/\*|#|;) ([A-Za-z0-9_./-]+)(?: \*/)?$")


def quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


def here(call, lines):
    return f"{call} <<'END OF TEXT'\n" + "".join(line + "\n" for line in lines) + "END OF TEXT"


def console(lines):
    shown = None
    for line in lines:
        if line.startswith("$ "):
            if shown:
                yield here("shown", shown)
            shown = []
            yield "type_in " + quote(line[2:])
        else:
            shown.append(line)
    if shown:
        yield here("shown", shown)


def script(page):
    for kind, text in re.findall(r"^```(\w+)\n(.*?)^```$", page, re.M | re.S):
        lines = text.rstrip("\n").split("\n")
        name = FILE_NAME.match(lines[0])
        if kind == "console":
            yield from console(lines)
        elif kind == "diff":
            yield here("change", lines)
        elif name:
            yield here("write " + quote(name.group(1)), lines)
        elif kind == "sh":
            yield from ("install " + quote(line) for line in lines)
        else:
            raise SystemExit(f"page.py: a block {kind} that is nothing: {lines[0]}")


def matches(real, shown):
    """Whether the lines `real` begin and end as `shown` says."""
    at = 0
    free = False
    for line in shown:
        if line == "...":
            free = True
            continue
        while free and at < len(real) and real[at] != line:
            at += 1
        if at == len(real) or real[at] != line:
            return line
        at += 1
        free = False
    return None if free or at == len(real) else f"the end, before: {real[at]}"


def main():
    if sys.argv[1] == "script":
        print("\n".join(script(open(sys.argv[2], encoding="utf-8").read())))
        return
    real = open(sys.argv[2], encoding="utf-8").read().rstrip("\n").split("\n")
    lost = matches(real, sys.stdin.read().rstrip("\n").split("\n"))
    if lost is not None:
        sys.exit(f"not shown: {lost}\nin:\n" + "\n".join(real[:200]))


main()
