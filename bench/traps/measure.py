"""The measurements of bench/traps.sh, which says how to call it.

The ways take turns, so that what else the machine does meets all of them. Slow-downs are medians of
wall time, against the native program.
"""
import glob
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
KERNELS = os.path.join(HERE, os.pardir, "races")
BUILD = os.environ["CT_BUILD"]
CONCTRACE = os.environ.get("CT_BIN", os.path.join(BUILD, "analyzer", "conctrace"))
LIBRARY = os.environ.get("CT_LIB", os.path.join(BUILD, "preload", "libconctrace.so"))
RUNS = int(os.environ.get("RUNS", "5"))
FLAGS = ["-std=gnu11", "-g", "-O2", "-pthread", "-D_GNU_SOURCE", "-w"]
LIMIT_SECONDS = 600

# way: what it measures
WAYS = {
    "native": "the program alone",
    "record": "with the library preloaded, without traps",
    "traps": "with the library preloaded, and traps",
    "run": "conctrace run --races=traps, with its report",
    "tsan": "built by gcc -fsanitize=thread",
    "helgrind": "under valgrind --tool=helgrind",
}


class Kernel:
    """One program: of this folder, or one of bench/races/, eight times if it has no locks (of which
    the recorder writes each use)."""

    def __init__(self, source, repeated):
        self.name = os.path.splitext(os.path.basename(source))[0]
        self.source, self.repeated = source, repeated

    def build(self, folder, more):
        output = os.path.join(folder, "-".join([self.name, *more]))
        if not self.repeated:
            run_quietly(["gcc", *FLAGS, *more, self.source, "-o", output, "-lm"])
            return output
        run_quietly(["gcc", *FLAGS, *more, "-Dmain=kernel_main", "-c", self.source,
                     "-o", output + ".o"])
        run_quietly(["gcc", *FLAGS, *more, os.path.join(HERE, "repeat.c"), output + ".o",
                     "-o", output, "-lm"])
        return output


def run_quietly(command):
    subprocess.run(command, check=True, capture_output=True)


def kernels():
    own = [path for path in sorted(glob.glob(f"{HERE}/*.c")) if not path.endswith("/repeat.c")]
    return ([Kernel(path, False) for path in own]
            + [Kernel(path, not has_locks(path)) for path in sorted(glob.glob(f"{KERNELS}/*.c"))])


def has_locks(source):
    with open(source, encoding="utf-8") as file:
        return "pthread_mutex_lock" in file.read()


class Uses:
    """What the last event access_traps of each process of a trace says, summed over them."""

    def __init__(self, trace):
        last = {}
        with subprocess.Popen([CONCTRACE, "dump", trace], stdout=subprocess.PIPE, text=True,
                              errors="replace") as dump:
            for line in dump.stdout:
                found = re.search(r" p(\d+):\S+ access_traps (.*)", line)
                if found:
                    last[found[1]] = dict(re.findall(r"(\w+)=(\d+)", found[2]))
        self.held_ms = self.sum(last, "held_ns") / 1e6
        self.allowed_ms = self.sum(last, "allowed_ns") / 1e6
        self.places = self.sum(last, "places")
        self.traps = self.sum(last, "traps")

    @staticmethod
    def sum(last, field):
        return sum(int(values.get(field, 0)) for values in last.values())


def command_of(way, programs, trace):
    """Command and additional environment."""
    plain = programs["native"]
    options = f"trace={trace}:races="
    return {
        "native": ([plain], {}),
        "record": ([plain], {"LD_PRELOAD": LIBRARY, "CONCTRACE_OPTIONS": options + "off"}),
        "traps": ([plain], {"LD_PRELOAD": LIBRARY, "CONCTRACE_OPTIONS": options + "traps"}),
        "run": ([CONCTRACE, "run", "-q", "--races=traps", "-o", trace, "--", plain], {}),
        "tsan": ([programs["tsan"]], {"TSAN_OPTIONS": "exitcode=0"}),
        "helgrind": (["valgrind", "-q", "--tool=helgrind", plain], {}),
    }[way]


def run(way, programs, folder):
    """Seconds, and Uses for the ways that hold threads."""
    trace = os.path.join(folder, "trace")
    command, more = command_of(way, programs, trace)
    environment = {**os.environ, **more}
    began = time.monotonic()
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                   timeout=LIMIT_SECONDS, check=False)
    seconds = time.monotonic() - began
    uses = Uses(trace) if way in ("traps", "run") else None
    shutil.rmtree(trace, ignore_errors=True)
    return seconds, uses


def measure(kernel, ways):
    """{way: median seconds}, and the Uses of all runs with traps."""
    with tempfile.TemporaryDirectory(prefix="conctrace-bench.") as folder:
        programs = {"native": kernel.build(folder, []), "tsan": ""}
        if "tsan" in ways:
            programs["tsan"] = kernel.build(folder, ["-fsanitize=thread"])
        seconds, uses = {way: [] for way in ways}, []
        for turn in range(RUNS):
            for way in ways:
                if way == "helgrind" and turn > 0 and RUNS > 1 and seconds[way][0] > 60:
                    continue  # minutes: once is enough
                took, used = run(way, programs, folder)
                seconds[way].append(took)
                uses += [used] if used else []
    return {way: statistics.median(took) for way, took in seconds.items()}, uses


def print_row(kernel, ways, medians, uses):
    cells = [f"{medians['native'] * 1e3:.0f}"]
    cells += [f"{medians[way] / medians['native']:.2f}" for way in ways[1:]]
    worst = max(uses, key=lambda used: used.held_ms / (used.allowed_ms or 1))
    kept = all(used.held_ms <= used.allowed_ms for used in uses)
    cells += [f"{worst.places}", f"{worst.traps}", f"{worst.held_ms:.0f} of {worst.allowed_ms:.0f}",
              "yes" if kept else "NO"]
    print(f"| {kernel.name} | {' | '.join(cells)} |", flush=True)
    return kept


def main(words):
    wanted = {"native", "traps", *os.environ.get("WAYS", " ".join(WAYS)).split()}
    ways = [way for way in WAYS
            if way in wanted and (way != "helgrind" or shutil.which("valgrind"))]
    chosen = [kernel for kernel in kernels() if not words or kernel.name in words]
    if not chosen:
        sys.exit(f"nothing is named {' or '.join(words)}")
    print(f"medians of {RUNS} runs in turns")
    for way in ways:
        print(f"{way}: {WAYS[way]}")
    heads = ["native, ms", *ways[1:], "places", "traps", "held, ms", "kept"]
    print(f"| program | {' | '.join(heads)} |\n{'| --- ' * (len(heads) + 1)}|")
    kept = [print_row(kernel, ways, *measure(kernel, ways)) for kernel in chosen]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
