"""The measurements of bench/races.sh, which says how to call it.

Each target is built plainly, with the compiler's own ThreadSanitizer, and by `conctrace cc`; the
builds run in turns, so that what else the machine does meets all of them. Slow-downs are medians,
against the same compiler's plain build. A peak of memory is never less than this script's own, some
14 MB, which the kernel passes on to its children.
"""
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import targets

BUILD = os.environ["CT_BUILD"]
CONCTRACE = os.environ.get("CT_BIN", os.path.join(BUILD, "analyzer", "conctrace"))
LIBRARY = os.environ.get("CT_LIB", os.path.join(BUILD, "preload", "libconctrace.so"))
RUNS = int(os.environ.get("RUNS", "5"))
COMPILERS = [c for c in ("gcc", "clang") if shutil.which(c)]
WAYS = ("plain", "tsan", "ours")
MEGABYTE = 1e6


class Sample:
    """One run: seconds, the peak of its memory, and what it logged."""

    def __init__(self, seconds, peak, logged):
        self.seconds, self.peak, self.logged = seconds, peak, logged


def size_of(folder):
    return sum(os.path.getsize(os.path.join(at, name))
               for at, _, names in os.walk(folder) for name in names)


def build(target, compiler, way, output):
    """Whether it could be built."""
    for command in target.commands(compiler, output):
        if way == "ours":
            command = [CONCTRACE, "cc", "--", *command]
        elif way == "tsan":
            command = [*command, "-fsanitize=thread"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{target.name}: {compiler} {way} cannot be built: {done.stderr[:300]}")
            return False
    return True


def run(target, way, program):
    """A Sample; the program's output is not looked at."""
    trace = f"{program}.trace"
    environment = dict(os.environ, TSAN_OPTIONS="exitcode=0:report_bugs=1")
    environment.pop("CONCTRACE_OPTIONS", None)
    if way == "ours":
        environment.update(LD_PRELOAD=LIBRARY, CONCTRACE_OPTIONS=f"trace={trace}")
    began = time.monotonic()
    with subprocess.Popen([program, *target.arguments], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode:
        raise RuntimeError(f"{program} ended with {process.returncode}")
    sample = Sample(seconds, usage.ru_maxrss * 1024, size_of(trace))
    shutil.rmtree(trace, ignore_errors=True)
    return sample


def measure(target, folder):
    """{(compiler, way): medians as a Sample}."""
    builds = {}
    for compiler in COMPILERS:
        for way in WAYS:
            program = os.path.join(folder, f"{target.name}-{compiler}-{way}")
            if build(target, compiler, way, program):
                builds[compiler, way] = program
    samples = {key: [] for key in builds}
    for _ in range(RUNS):
        for (compiler, way), program in builds.items():
            samples[compiler, way].append(run(target, way, program))
    return {key: Sample(*(statistics.median(getattr(one, field) for one in ones)
                          for field in ("seconds", "peak", "logged")))
            for key, ones in samples.items()}


def slowdown(medians, compiler, way):
    """None where either could not be built."""
    if (compiler, way) not in medians or (compiler, "plain") not in medians:
        return None
    return medians[compiler, way].seconds / medians[compiler, "plain"].seconds


def cell(value, form):
    return "-" if value is None else format(value, form)


def print_row(target, compiler, medians):
    row = [medians.get((compiler, way)) for way in WAYS]
    tsan, ours = (slowdown(medians, compiler, way) for way in ("tsan", "ours"))
    print(f"{target.name:10} {compiler:6}"
          f" {cell(row[0] and row[0].seconds * 1e3, '8.0f')}"
          f" {cell(tsan, '7.2f'):>7} {cell(ours, '7.2f'):>7}"
          f" {cell(tsan and ours and ours / tsan, '7.2f'):>7}  "
          + " ".join(f"{cell(one and one.peak / MEGABYTE, '7.0f'):>7}" for one in row)
          + f" {cell(row[2] and row[2].logged / row[2].seconds / MEGABYTE, '9.1f'):>9}", flush=True)


def print_means(results):
    for compiler in COMPILERS:
        for way in WAYS[1:]:
            ratios = [slowdown(medians, compiler, way) for medians in results]
            ratios = [ratio for ratio in ratios if ratio]
            if ratios:
                mean = math.exp(statistics.fmean(map(math.log, ratios)))
                print(f"{compiler} {way}: geometric mean {mean:.2f} of {len(ratios)}")


def main(words):
    with tempfile.TemporaryDirectory(prefix="conctrace-bench.") as folder:
        chosen = [target for target in targets.kernels() if not words or target.name in words]
        if not words or {"pbzip2", "sqlite3"} & set(words):
            chosen += [target for target in targets.real_programs(folder)
                       if not words or target.name in words]
        if not chosen:
            sys.exit(f"nothing is named {' or '.join(words)}")
        print(f"medians of {RUNS} runs in turns; slow-downs against the same compiler's plain")
        heads = f"{'tsan':>7} {'ours':>7}"
        print(f"{'':17} {'plain ms':>8} {heads} {'o/tsan':>7}  {'plain':>7} {heads} MB"
              f" {'log MB/s':>6}")
        results = []
        for target in chosen:
            results.append(measure(target, folder))
            for compiler in COMPILERS:
                print_row(target, compiler, results[-1])
        print_means(results)


if __name__ == "__main__":
    main(sys.argv[1:])
