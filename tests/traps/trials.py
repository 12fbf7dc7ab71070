"""Shared by catch.py and correct.py: programs, the ways to compile them, and runs with traps."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "programs")
CXX = {"gcc": "g++", "clang": "clang++"}
FLAGS = ["-g", "-w", "-pthread", "-D_GNU_SOURCE"]
LIMIT_SECONDS = 60
OUTPUT = "end"


class Problem(Exception):
    """What is wrong with a build or a run, in a sentence."""


class Program:
    """A source file, and what its head says (programs/trial.h)."""

    def __init__(self, source, flags=()):
        self.source, self.flags = source, list(flags)
        self.name = os.path.basename(source) + "".join(flags)
        self.is_c = source.endswith(".c")
        with open(source, encoding="utf-8") as file:
            text = file.read()
        head = text[:text.find("*/")]
        said = dict(re.findall(r"^ \* (kind|libs|needs|tsan|traps): (.*?)$", head, re.M))
        self.kind = said.get("kind", "")
        self.libs = said.get("libs", "").split()
        self.needs = said.get("needs", "")
        self.understood_by_tsan = said.get("tsan", "") != "no"
        self.traps = said.get("traps", "")
        self.racing_lines = {number for number, line in enumerate(text.splitlines(), 1)
                             if re.search(r"/\* RACE \*/", line)}

    def compiler(self, family):
        return family if self.is_c else CXX[family]

    def can_be_built(self, family):
        compiler = self.compiler(family)
        if not shutil.which(compiler):
            return False
        if not self.needs:
            return True
        probe = subprocess.run([compiler, "-E", "-x", "c", "-"], input=f"#include <{self.needs}>\n",
                               text=True, capture_output=True, check=False)
        return probe.returncode == 0


class Build:
    """One way to compile programs."""

    def __init__(self, family, optimize, pie=True, stripped=False, more=()):
        self.family, self.optimize = family, optimize
        self.pie, self.stripped, self.more = pie, stripped, list(more)

    def column(self):
        return f"{self.family} {self.optimize}"

    def __str__(self):
        return (self.column() + ("" if self.pie else " no-pie")
                + (" stripped" if self.stripped else ""))

    def compile(self, program, folder):
        """Returns the executable."""
        output = os.path.join(folder, re.sub(r"\W", "_", f"{program.name} {self}"))
        flags = ["-std=gnu11" if program.is_c else "-std=gnu++17", self.optimize,
                 *(["-fpie", "-pie"] if self.pie else ["-fno-pie", "-no-pie"])]
        command = [program.compiler(self.family), *FLAGS, *flags, *self.more, *program.flags,
                   program.source, "-o", output, *program.libs]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Problem(f"does not compile: {done.stderr[:2000]}")
        if self.stripped:
            subprocess.run(["strip", "-s", output], check=True)
        return output


def sources(*patterns):
    return sorted(path for pattern in patterns for path in glob.glob(pattern)
                  if not path.endswith(".so.c"))


def programs(prefix):
    return [Program(path) for path in sources(f"{PROGRAMS}/{prefix}_*.c", f"{PROGRAMS}/{prefix}_*.cpp")]


def chosen(all_programs, words):
    """Those whose names begin with one of the words; all, if there are none."""
    return [p for p in all_programs if not words or any(p.name.startswith(w) for w in words)]


class Recorded:
    """What `conctrace run` says of one command."""

    def __init__(self, command, options=(), work=None, limit_seconds=LIMIT_SECONDS):
        with tempfile.TemporaryDirectory(prefix="ct-trial.", dir=work) as folder:
            report = os.path.join(folder, "report.json")
            whole = [os.environ["CT_BIN"], "run", "--races=traps", *options,
                     "--timeout", str(limit_seconds), "-o", os.path.join(folder, "trace"),
                     "--json", report, "--", *command]
            done = subprocess.run(whole, cwd=folder, stdin=subprocess.DEVNULL, text=True,
                                  capture_output=True, errors="replace", check=False)
            self.stdout, self.stderr, self.status = done.stdout, done.stderr, done.returncode
            if not os.path.exists(report):
                raise Problem(f"no report, status {done.returncode}: {done.stderr[-1000:]}")
            with open(report, encoding="utf-8") as file:
                runs = json.load(file)["runs"]
        self.races = [finding for run in runs for finding in run["findings"]
                      if finding["rule"] == "data-race"]
        self.timed_out = any(run["program"].get("timed_out") for run in runs)
        self.ended_well = all(run["program"].get("exit_status") == 0 for run in runs)

    def with_evidence(self, level):
        return [race for race in self.races if race.get("evidence") == level]


def own_lines(race, source):
    """Where in the source file the two accesses are: of each the innermost frame that is in it. 0:
    there, but compilers merged several lines; -1: nowhere in it."""
    lines = []
    for place in race["places"][:2]:
        inside = [frame.get("line") or 0 for frame in place["stack"]
                  if os.path.basename(frame.get("file", "")) == os.path.basename(source)]
        lines.append(inside[0] if inside else -1)
    return lines
