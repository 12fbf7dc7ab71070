"""Runs the commands of docs/course.md.

    course.py tour [NN...]    shows them with what they print, a section after the other
    course.py check [NN...]   runs them quietly: each must end with the status that the page says
    course.py write [NN...]   runs them and writes what they print into the page

NN are numbers of sections; none: all. A block that begins with ```console holds commands ("$ ...")
and what they print; "[exit status N]" ends the output of a command that does not end with 0. A
comment <!-- show: 1-4, /PATTERN/ --> before a block says what of the output stands in the page:
lines by number, or the paragraph with the first line that has the pattern. The commands run in
build/course, where `demos` has the demos and their sources, `course` is an empty folder and
`conctrace` is found.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "course.md"
MARK = ".course"
MOST_LINES = 40
SECONDS = 120  # for one command


def fail(text):
    sys.exit(f"course: {text}")


def prepare(build, folder):
    """An empty folder with the demos in it."""
    programs = build / "demos"
    if not (build / "analyzer" / "conctrace").exists() or not programs.is_dir():
        fail(f"{build} has no conctrace with demos: build it, or run sh scripts/tour.sh")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        fail(f"{folder} is not empty and was not made by this script")
    shutil.rmtree(folder, ignore_errors=True)
    demos = folder / "demos"
    demos.mkdir(parents=True)
    (folder / "course").mkdir()
    (folder / MARK).touch()
    for source in [ROOT / "demos", programs]:
        for entry in source.iterdir():
            if not entry.name.startswith(("CMake", "cmake_")) and entry.suffix != ".ninja":
                link = demos / entry.name
                if not link.exists():
                    link.symlink_to(entry)


def run(command, build, folder):
    """What a command prints, and its status as a shell has it."""
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("CONCTRACE_") and key != "LD_PRELOAD"}
    environment["PATH"] = f"{build / 'analyzer'}:{environment['PATH']}"
    environment["COLUMNS"] = "100"
    child = subprocess.Popen(["bash", "-c", command], cwd=folder, env=environment,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = child.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        fail(f"{command}: still running after {SECONDS} s")
    except KeyboardInterrupt:
        os.killpg(child.pid, signal.SIGKILL)
        raise
    status = child.returncode if child.returncode >= 0 else 128 - child.returncode
    return output.decode(errors="replace").rstrip("\n").split("\n"), status


def selected(lines, show):
    """The lines that the page shows; "..." where some are left out."""
    if not show:
        kept = set(range(min(len(lines), MOST_LINES)))
    else:
        kept = set()
        for part in re.findall(r"/[^/]*/|\d+(?:-\d+)?", show):
            if part[0] == "/":
                first = next((i for i, line in enumerate(lines) if re.search(part[1:-1], line)),
                             None)
                if first is None:
                    fail(f"nothing printed has {part}")
                while first > 0 and lines[first - 1].strip():
                    first -= 1
                while first < len(lines) and lines[first].strip():
                    kept.add(first)
                    first += 1
            else:
                low, _, high = part.partition("-")
                kept |= set(range(int(low) - 1, min(int(high or low), len(lines))))
    shown, before = [], -1
    for i in sorted(kept):
        if i > before + 1:
            shown.append("...")
        shown.append(lines[i])
        before = i
    if before < len(lines) - 1:
        shown.append("...")
    return [line.rstrip() for line in shown]


class Block:
    """A fenced block of the page: its commands, each with what the page says of it."""

    def __init__(self, show):
        self.show = show
        self.commands = []  # [command, lines that the page shows]

    def add(self, line):
        if line.startswith("$ "):
            self.commands.append([line[2:], []])
        elif self.commands:
            self.commands[-1][1].append(line)
        elif line.strip():
            fail(f"output before a command: {line}")

    def run(self, args):
        for entry in self.commands:
            command, said = entry
            expected = 0
            for line in said:
                match = re.fullmatch(r"\[exit status (\d+)\]", line)
                expected = int(match[1]) if match else expected
            if args.action == "tour":
                print(f"$ {command}", flush=True)
            lines, status = run(command, args.build, args.folder)
            if args.action == "tour":
                print("\n".join(lines) + (f"\n[exit status {status}]" if status else "") + "\n",
                      flush=True)
            if args.action == "write":
                entry[1] = selected(lines, self.show) if lines != [""] else []
                if status:
                    entry[1].append(f"[exit status {status}]")
            elif status != expected:
                fail("\n".join([f"{command}: ended with {status}, not {expected}:"] + lines[-20:]))

    def text(self):
        return [line for command, said in self.commands for line in [f"$ {command}"] + said]


def walk(text, args):
    """Runs the blocks of the chosen sections; returns the page with what is to stand in it."""
    out, chosen, block, show, found = [], False, None, None, set()
    for line in text.split("\n"):
        heading = re.match(r"## (\d+)\. ", line)
        comment = re.fullmatch(r"<!-- show: (.*) -->", line)
        if block is not None and line == "```":
            block.run(args)
            out += block.text()
            block = None
        elif block is not None:
            block.add(line)
            continue
        elif heading:
            chosen = not args.sections or int(heading[1]) in args.sections
            found.add(int(heading[1]))
            if chosen and args.action != "check":
                print(("\n" if args.action == "tour" else "") + line[3:], flush=True)
            if chosen and args.action == "tour":
                print()
        elif line == "```console" and chosen:
            block = Block(show)
        if line:
            show = comment[1] if comment else None
        out.append(line)
    if block is not None:
        fail("a block has no end")
    missing = set(args.sections) - found
    if missing:
        fail(f"there is no section {min(missing)}; there are 1 to {max(found)}")
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description="Runs the commands of docs/course.md.")
    parser.add_argument("action", choices=["tour", "check", "write"])
    parser.add_argument("sections", nargs="*", type=int, metavar="NN")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "course",
                        help="where the commands run; made anew each time")
    args = parser.parse_args()
    args.build, args.folder = args.build.resolve(), args.folder.resolve()
    prepare(args.build, args.folder)
    page = walk(PAGE.read_text(), args)
    if args.action == "write":
        PAGE.write_text(page)
    elif args.action == "tour":
        print(f"\nTraces and pictures are in {args.folder}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
