"""Runs the commands of docs/course.md.

    course.py tour [NN...]    shows the sections with what the commands print here and now
    course.py check [NN...]   looks at the whole page and runs the commands of the sections quietly:
                              each must end with the status that the page says
    course.py write [NN...]   runs them and writes what they print into the page

NN are numbers of sections; none: all. A block that begins with ```console holds commands ("$ ...")
and what they print; "[exit status N]" ends the output of a command that does not end with 0. A
comment right before a block says what of the output is shown, "..." stands for the rest:

    <!-- show: 1-4, /PATTERN/, /PATTERN/+N -->

that is, lines by number, the paragraph of the first line that has the pattern, and that line with
the N after it. The commands run in build/course, where `demos` has the demos and their sources,
`course` is an empty folder and `conctrace` is found.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "course.md"
ROWS = 22
MARK = ".course"
MOST_LINES = 30
SECONDS = 120  # for one command


def fail(text):
    sys.exit(f"course: {text}")


def prepare(build, folder):
    """An empty folder with the demos in it."""
    demos = build / "demos"
    if not (build / "analyzer" / "conctrace").exists() or not demos.is_dir():
        fail(f"{build} has no conctrace with demos: build it, or run sh scripts/tour.sh")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        fail(f"{folder} is not empty and was not made by this script")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "course").mkdir(parents=True)
    (folder / "demos").symlink_to(demos)
    (folder / MARK).touch()


def run(command, args):
    """The lines that a command prints, and its status as a shell has it."""
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("CONCTRACE_") and key != "LD_PRELOAD"}
    environment["PATH"] = f"{args.build / 'analyzer'}:{environment['PATH']}"
    # A file, as a pipe would be one of the recorded program's own.
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(["bash", "-c", command], cwd=args.folder, env=environment,
                                 stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = child.wait(timeout=SECONDS)
        except BaseException as error:
            os.killpg(child.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                fail(f"{command}: still running after {SECONDS} s")
            raise
        output.seek(0)
        text = output.read().decode(errors="replace")
    for folder in [args.folder, args.build, ROOT]:
        text = text.replace(f"{folder}/", "")
    return [line.rstrip() for line in text.splitlines()], status if status >= 0 else 128 - status


def part_of(lines, part, number):
    """Indices of the lines that a part of a show comment stands for; none if it is not there."""
    if not number:
        low, _, high = part.partition("-")
        return range(int(low) - 1, min(int(high or low), len(lines)))
    pattern, _, more = part[1:].rpartition("/")
    first = next((i for i, line in enumerate(lines) if re.search(pattern, line)), None)
    if first is None:
        return range(0)
    last = first
    if more:
        return range(first, min(first + int(more) + 1, len(lines)))
    while first > 0 and lines[first - 1]:
        first -= 1
    while last < len(lines) and lines[last]:
        last += 1
    return range(first, last)


def shown(lines, show):
    """The lines that the page shows, and the parts of its comment that are not there."""
    kept, absent = set(), []
    for part in re.findall(r"/[^/]*/(?:\+\d+)?|\d+(?:-\d+)?", show or f"1-{MOST_LINES}"):
        indices = part_of(lines, part, part[0] == "/")
        kept.update(indices)
        if not indices and part[0] == "/":
            absent.append(part)
    out, before = [], -1
    for i in sorted(kept):
        if i > before + 1:
            out.append("..." if any(lines[before + 1:i]) else "")
        out.append(lines[i])
        before = i
    return out + (["..."] if before < len(lines) - 1 else []), absent


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
        else:
            fail(f"output before a command: {line}")

    def lines(self):
        return [line for command, said in self.commands for line in [f"$ {command}"] + said]

    def run(self, args):
        nowhere = None  # parts of the comment that no command has printed
        for entry in self.commands:
            command, said = entry
            ends = [re.fullmatch(r"\[exit status (\d+)\]", line) for line in said[-1:]]
            expected = int(ends[0][1]) if ends and ends[0] else 0
            if args.action == "tour":
                print(f"$ {command}", flush=True)
            lines, status = run(command, args)
            out, absent = shown(lines, self.show)
            out += [f"[exit status {status}]"] if status else []
            if args.action == "tour":
                print("\n".join(out), flush=True)
            elif args.action == "check" and status != expected:
                print("\n".join(lines[-20:]), file=sys.stderr)
                fail(f"{command}: ended with {status}, not {expected}")
            nowhere = set(absent) & (set(absent) if nowhere is None else nowhere)
            entry[1] = out
        if args.action == "write" and nowhere:
            print("\n".join(lines), file=sys.stderr)
            fail(f"{command}: {nowhere.pop()} is not in what it prints")


def parse(text):
    """The page as pairs of section and line or block."""
    parts, section, block, show = [], 0, None, None
    for line in text.split("\n"):
        if block is not None and line != "```":
            block.add(line)
            continue
        heading = re.match(r"## (\d+)\. ", line)
        section = int(heading[1]) if heading else section
        parts.append((section, line))
        block = Block(show) if line == "```console" else None
        if block is not None:
            parts.append((section, block))
        comment = re.fullmatch(r"<!-- show: (.*) -->", line)
        show = comment[1] if comment else None
    if block is not None:
        fail("a block has no end")
    return parts


def look_at(parts, args):
    """Every row has its section, in order, and what the commands name exists."""
    rows = [section for section, part in parts if isinstance(part, str) and part[:3] == "## "]
    if rows != list(range(1, ROWS + 1)):
        fail(f"the sections are not 1 to {ROWS}: {rows}")
    known = run("conctrace help", args)[0]
    for row in range(1, ROWS + 1):
        commands = [command for section, part in parts if section == row
                    and isinstance(part, Block) for command, _ in part.commands]
        if not any(command.startswith("conctrace ") for command in commands):
            fail(f"section {row} has no command of conctrace")
        for command in commands:
            for demo in re.findall(r"(?<!\S)demos/\S+", command):
                if not (args.folder / demo).exists():
                    fail(f"{command}: there is no {demo}")
            name = re.match(r"conctrace (\S+)", command)
            if name and not any(re.match(rf"\s+{re.escape(name[1])}\b", line) for line in known):
                fail(f"{command}: there is no such command")


def walk(parts, args):
    """Runs the blocks of the chosen sections; returns the page with what is to stand in it."""
    missing = set(args.sections) - {section for section, _ in parts}
    if missing:
        fail(f"there is no section {min(missing)}")
    page = []
    for section, part in parts:
        chosen = section and (not args.sections or section in args.sections)
        if isinstance(part, Block):
            if chosen:
                part.run(args)
            page += part.lines()
            continue
        page.append(part)
        if chosen and args.action == "tour" and not part.startswith(("<!--", "```")):
            print(part, flush=True)
        elif chosen and args.action == "write" and part.startswith("## "):
            print(part[3:], flush=True)
    return "\n".join(page)


def main():
    parser = argparse.ArgumentParser(description="Runs the commands of docs/course.md.")
    parser.add_argument("action", choices=["tour", "check", "write"])
    parser.add_argument("sections", nargs="*", type=int, metavar="NN")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "course",
                        help="where the commands run; made anew each time")
    args = parser.parse_intermixed_args()
    args.build, args.folder = args.build.resolve(), args.folder.resolve()
    prepare(args.build, args.folder)
    parts = parse(PAGE.read_text())
    if args.action == "check":
        look_at(parts, args)
    page = walk(parts, args)
    if args.action == "write":
        PAGE.write_text(page)
    elif args.action == "tour":
        print(f"Traces and pictures are in {args.folder}/course")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
