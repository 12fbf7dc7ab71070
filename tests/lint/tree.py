"""The project's files and how to read them; shared by the lint tests. As a command it prints files."""
import fnmatch
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def all_files():
    """Paths below TOP of what is tracked or could be; without git, of everything but build/."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=TOP, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        paths = {os.fsdecode(p) for p in listed.stdout.split(b"\0") if p}
    else:
        paths = {os.path.relpath(os.path.join(folder, name), TOP)
                 for folder, _, names in os.walk(TOP) for name in names}
        paths = {p for p in paths if not p.startswith((".git/", "build/"))}
    return sorted(p for p in paths if os.path.isfile(os.path.join(TOP, p)))


def files(*patterns):
    """Those that match a pattern such as "preload/*.c" (a star also spans slashes)."""
    return [p for p in all_files() if any(fnmatch.fnmatchcase(p, one) for one in patterns)]


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as file:
        return file.read()


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def strip(text, strings=False):
    """C without comments, and without the insides of strings if asked; lines keep their numbers."""
    def blank(match):
        token = match.group()
        if token[0] == "/":
            return " " + "\n" * token.count("\n")
        return '""' if strings else token
    return TOKEN.sub(blank, text)


def rows(path):
    """(macro, [arguments on the macro's first line]) of each row of a .def table."""
    found = []
    for line in strip(read(path)).splitlines():
        match = re.match(r"\s*([A-Z][A-Z0-9_]*)\((.*)", line)
        if match:
            arguments = re.split(r"[,)]", match.group(2))
            found.append((match.group(1), [a.strip().strip('"') for a in arguments]))
    return found


def finish(name, problems):
    for problem in problems:
        print(problem)
    print(f"{name}: {len(problems)} problem(s)")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    print("\n".join(files(*sys.argv[1:])))
