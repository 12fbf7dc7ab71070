"""How often the races of programs/race_* are caught: a table, as in docs/trapped-races.md.

    catch.py [--runs N] [--together M] [--quick] [--tsan] [--check] [PROGRAM...]

Each program is built by gcc and clang, with -O0 and -O2, as PIE and not, stripped and not, and run
N times (2) in each build. A run catches the race if `data-race` is told with both accesses on
lines marked RACE (in a stripped program, which has no lines, if it is told at all); a finding
elsewhere is a problem. Cells: percentage of runs that catch it, and of runs where it is observed,
not only potential. --quick: one build of each compiler and level only, with debug information.
--together M: a run is `conctrace run --runs M`.
--tsan: what gcc's ThreadSanitizer says of the programs, instead.
--check: for ctest: the hot ones, built by gcc; each has to be caught within three times `--runs 5`.
CT_JOBS (2): how many at a time.
"""
import argparse
import concurrent.futures
import itertools
import os
import subprocess
import sys
import tempfile

import trials

JOBS = int(os.environ.get("CT_JOBS", "2"))
FAMILIES = ("gcc", "clang")
LEVELS = ("-O0", "-O2")


class Score:
    """The runs of a program in the builds of one column."""

    def __init__(self):
        self.runs = self.caught = self.observed = 0
        self.problems = []

    def add(self, other):
        self.runs += other.runs
        self.caught += other.caught
        self.observed += other.observed
        self.problems += other.problems

    def __str__(self):
        if not self.runs:
            return "-"
        return f"{100 * self.caught // self.runs} ({100 * self.observed // self.runs})"


def judge(program, build, recorded, score):
    """Counts one run."""
    words = recorded.stdout.split()
    if recorded.timed_out or not words or set(words) != {trials.OUTPUT}:
        score.problems.append(f"prints {recorded.stdout!r}: {recorded.stderr[-500:]}")
    right = []
    for race in recorded.races:
        lines = trials.own_lines(race, program.source)
        if build.stripped or set(lines) <= program.racing_lines | {0}:
            right.append(race)
        else:
            score.problems.append(f"tells a race of lines {lines}: {race['headline']}")
    score.runs += 1
    score.caught += bool(right)
    score.observed += any(race["evidence"] == "observed" for race in right)


def trial(program, build, options):
    """All runs of one build: a Score."""
    score = Score()
    with tempfile.TemporaryDirectory(prefix="ct-catch.") as folder:
        try:
            executable = build.compile(program, folder)
            more = ["--runs", str(options.together)] if options.together else []
            for _ in range(options.runs):
                judge(program, build, trials.Recorded([executable], more, folder), score)
                if options.check and score.caught:
                    break
        except trials.Problem as problem:
            score.problems.append(str(problem))
    return score


def builds(options):
    if options.check:
        return [trials.Build("gcc", "-O2")]
    shapes = [(True, False)] if options.quick else list(itertools.product((True, False), repeat=2))
    return [trials.Build(family, level, pie, stripped)
            for family in FAMILIES for level in LEVELS for pie, stripped in shapes]


def print_row(program, columns, scores):
    """`scores`: by column. Returns their sum."""
    total = Score()
    for score in scores.values():
        total.add(score)
    cells = [str(scores.get(column, "-")) for column in columns]
    print(f"| `{program.name}` | {program.kind} | {' | '.join(cells)} | {total} |", flush=True)
    return total


def print_table(programs, all_builds, options):
    """Returns the builds without a catch, and what else went wrong, in words."""
    columns = list(dict.fromkeys(build.column() for build in all_builds))
    print(f"| program | kind | {' | '.join(columns)} | all |")
    print("| --- " * (len(columns) + 3) + "|")
    kinds, problems, missed = {}, [], []
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        futures = {(program, build): pool.submit(trial, program, build, options)
                   for program in programs for build in all_builds
                   if program.can_be_built(build.family)}
        for program in programs:
            scores = {}
            for build in (build for build in all_builds if (program, build) in futures):
                score = futures[program, build].result()
                scores.setdefault(build.column(), Score()).add(score)
                problems += [f"{program.name}, {build}: {what}" for what in score.problems]
                missed += [] if score.caught else [f"{program.name}, {build}: never caught"]
            kinds.setdefault(program.kind, Score()).add(print_row(program, columns, scores))
    for kind, score in kinds.items():
        print(f"{kind}: {score} of {score.runs} runs")
    return missed, problems


def try_tsan(programs):
    """The programs themselves: ThreadSanitizer finds a race in each."""
    failed = 0
    for program in programs:
        if not program.understood_by_tsan:
            continue
        with tempfile.TemporaryDirectory(prefix="ct-catch.") as folder:
            build = trials.Build("gcc", "-O1", more=["-fsanitize=thread"])
            executable = build.compile(program, folder)
            environment = {**os.environ, "TSAN_OPTIONS": "exitcode=66"}
            done = subprocess.run([executable], env=environment, capture_output=True, text=True,
                                  timeout=trials.LIMIT_SECONDS, check=False)
            found = done.returncode == 66
            failed += not found
            print(f"{program.name:24} {'found' if found else 'NOT found'}", flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--together", type=int, default=0)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tsan", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    programs = trials.chosen(trials.programs("race"), options.programs)
    if options.check:
        options.runs, options.together = 3, 5
        programs = [program for program in programs if program.kind == "hot"]
    if not programs:
        parser.error("no such program")
    if options.tsan:
        return 1 if try_tsan(programs) else 0
    missed, problems = print_table(programs, builds(options), options)
    problems += missed if options.check else []
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
