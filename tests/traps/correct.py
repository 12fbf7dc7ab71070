"""Correct programs run with traps: none of their races is `observed`, for they have none.

    correct.py [--times N] [--quick] [--real] [--tsan] [PROGRAM...]

Programs are programs/ok_*, built by gcc and clang, from -O0 to -O3, stripped and not; and of
tests/races/programs those named ok_* and the corrected twins of the others, in four builds. Each
is run N times (2) in each build, and has to print what it prints alone. `potential` findings are
counted; one in a program with debug information is listed. --real: programs of the distribution
as well (real.py), 10 N times each. That makes some 2,000 runs.
--quick: for ctest: programs/ok_* once, those in C by gcc, those in C++ by clang; no others.
--tsan: what gcc's ThreadSanitizer says of programs/ok_*, instead.
CT_JOBS (2): how many at a time. CT_SAY=1: also what was told.
"""
import argparse
import collections
import concurrent.futures
import itertools
import os
import subprocess
import sys
import tempfile

import real
import trials

JOBS = int(os.environ.get("CT_JOBS", "2"))
RACES = os.path.join(trials.HERE, os.pardir, "races", "programs")
NO_PLUGINS = "ok_plugin.c"


def of_races():
    """Correct programs, and corrected twins, of tests/races."""
    made = []
    for path in trials.sources(f"{RACES}/*.c", f"{RACES}/*.cpp"):
        name = os.path.basename(path)
        if name.startswith("ok_") and name != NO_PLUGINS:
            made.append(trials.Program(path))
            continue
        with open(path, encoding="utf-8") as file:
            if "FIXED" in file.read():
                made.append(trials.Program(path, ["-DFIXED"]))
    return made


class Result:
    """What came of runs: how many, and what was told wrongly."""

    def __init__(self):
        self.runs = self.potential = 0
        self.problems, self.doubts = [], []

    def add(self, other):
        self.runs += other.runs
        self.potential += other.potential
        self.problems += other.problems
        self.doubts += other.doubts

    def count(self, where, recorded, has_source):
        """One run, by trials.Recorded."""
        self.runs += 1
        said = f"\n{recorded.stderr}" if os.environ.get("CT_SAY") else ""
        for race in recorded.races:
            told = f"{where}: {race['evidence']}: {race['headline']}{said}"
            if race["evidence"] != "potential":
                self.problems.append(told)
            elif has_source:
                self.doubts.append(told)
        self.potential += bool(recorded.with_evidence("potential"))


def alone(executable):
    done = subprocess.run([executable], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=trials.LIMIT_SECONDS, check=False)
    return done.stdout, done.returncode


def trial(program, build, times):
    """All runs of one build."""
    result = Result()
    where = f"{program.name}, {build}"
    with tempfile.TemporaryDirectory(prefix="ct-correct.") as folder:
        try:
            executable = build.compile(program, folder)
            expected = alone(executable)
            options = [f"--traps={program.traps}"] if program.traps else []
            for _ in range(times):
                recorded = trials.Recorded([executable], options, folder)
                result.count(where, recorded, not build.stripped)
                if recorded.stdout != expected[0] or recorded.timed_out:
                    raise trials.Problem(f"prints {recorded.stdout!r}, not {expected[0]!r}: "
                                         f"{recorded.stderr[-500:]}")
        except (trials.Problem, subprocess.TimeoutExpired) as problem:
            result.problems.append(f"{where}: {problem}")
    return result


def builds(quick):
    """Of programs/ok_*."""
    if quick:
        return [trials.Build("gcc", "-O2"), trials.Build("clang", "-O2")]
    return [trials.Build(family, level, stripped=stripped, pie=level != "-O1")
            for stripped, level, family in itertools.product(
                (False, True), ("-O0", "-O1", "-O2", "-O3"), ("gcc", "clang"))]


def few_builds():
    """Of tests/races."""
    return [trials.Build("gcc", "-O0"), trials.Build("clang", "-O2"),
            trials.Build("gcc", "-O3", stripped=True), trials.Build("clang", "-O1", stripped=True)]


def try_tsan(programs):
    failed = 0
    for program in programs:
        if not program.understood_by_tsan or not program.can_be_built("gcc"):
            continue
        with tempfile.TemporaryDirectory(prefix="ct-correct.") as folder:
            build = trials.Build("gcc", "-O1", more=["-fsanitize=thread"])
            done = subprocess.run([build.compile(program, folder)], capture_output=True, text=True,
                                  timeout=trials.LIMIT_SECONDS, check=False)
            failed += done.returncode != 0
            print(f"{program.name:26} {'ok' if not done.returncode else done.stderr[:1500]}",
                  flush=True)
    return failed


def run_real(times):
    """Pairs of a session and its Result."""
    for session in real.sessions():
        result = Result()
        for _ in range(10 * times):
            try:
                result.count(session.name, session.record(), False)
            except trials.Problem as problem:
                result.problems.append(f"{session.name}: {problem}")
        yield session.name, result


def results(own, others, options):
    """Pairs of a program's name and a Result, as they come."""
    jobs = [(program, build) for build in builds(options.quick) for program in own
            if not options.quick or (build.family == "clang") == program.name.endswith(".cpp")]
    jobs += [(program, build) for build in few_builds() for program in others]
    jobs = [(program, build) for program, build in jobs if program.can_be_built(build.family)]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        done = pool.map(lambda job: trial(*job, options.times), jobs)
        for (program, build), result in zip(jobs, done):
            yield f"{program.name}, {build}", result
    if options.real:
        yield from run_real(options.times)


def run_all(own, others, options):
    total, told = Result(), collections.Counter()
    for number, (name, result) in enumerate(results(own, others, options), 1):
        total.add(result)
        told[name] += result.potential
        for problem in result.problems:
            print(problem, flush=True)
        if number % 50 == 0:
            print(f"{name}: {summary(total)}", flush=True)
    return total, told


def summary(total):
    return (f"{total.runs} runs, {len(total.problems)} problems, {total.potential} runs with "
            "`potential`")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=0)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--tsan", action="store_true")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    own = trials.chosen(trials.programs("ok"), options.programs)
    if options.tsan:
        return 1 if try_tsan(own) else 0
    options.times = options.times or (1 if options.quick else 2)
    others = [] if options.quick else trials.chosen(of_races(), options.programs)
    total, told = run_all(own, others, options)
    for doubt in sorted(set(total.doubts)):
        print(f"doubt: {doubt}")
    for name, count in told.most_common():
        if count:
            print(f"potential: {name}: {count} runs")
    print(summary(total))
    return 1 if total.problems or not total.runs else 0


if __name__ == "__main__":
    sys.exit(main())
