"""The measurements of bench/timing.sh, which says how to call it.

A peak of memory is never less than this script's own, some 14 MB, which the kernel passes on to its
children.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = os.environ["CT_BUILD"]
CONCTRACE = os.environ.get("CT_BIN", os.path.join(BUILD, "analyzer", "conctrace"))
LIBRARY = os.environ.get("CT_LIB", os.path.join(BUILD, "preload", "libconctrace.so"))
PROGRAM = os.path.join(BUILD, "bench", "timing_trace")
RUNS = int(os.environ.get("RUNS", "3"))
THREADS = 20000
MEGABYTE = 1e6
GROWTH = 1.5  # of the peak, from the first size to the last, at most
THREAD_BYTES = 16384  # of the peak, for each thread of a program with very many, at most
WAYS = {
    "dump": ["dump"],
    "report": ["report"],
    "timing": ["timing"],
    "timing --lanes": ["timing", "--lanes", "/dev/null"],
    "export --perfetto": ["export", "--perfetto", "-o", "/dev/null"],
}
BOUNDED = [way for way in WAYS if way.startswith(("timing", "export"))]


class Sample:
    """One run: elapsed time, its own processor time (seconds), the peak of its memory (bytes)."""

    def __init__(self, seconds, user, peak):
        self.seconds, self.user, self.peak = seconds, user, peak


def size_of(folder):
    return sum(os.path.getsize(os.path.join(at, name))
               for at, _, names in os.walk(folder) for name in names)


def run(command, environment=None):
    """A Sample; its output is not looked at."""
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Sample(seconds, usage.ru_utime, usage.ru_maxrss * 1024)


def recorded(trace):
    shutil.rmtree(trace, ignore_errors=True)
    return dict(os.environ, LD_PRELOAD=LIBRARY, CONCTRACE_OPTIONS=f"trace={trace}:max=0")


def count_events(trace):
    with subprocess.Popen([CONCTRACE, "dump", trace], stdout=subprocess.PIPE) as dump:
        return sum(block.count(b"\n") for block in iter(lambda: dump.stdout.read(1 << 20), b""))


def measure(trace):
    """{way: medians as a Sample}; the ways run in turns."""
    samples = {way: [] for way in WAYS}
    for _ in range(RUNS):
        for way, words in WAYS.items():
            samples[way].append(run([CONCTRACE, *words, trace]))
    return {way: Sample(*(statistics.median(getattr(one, field) for one in ones)
                          for field in ("seconds", "user", "peak")))
            for way, ones in samples.items()}


def print_size(events, trace, medians):
    print(f"{events / 1e6:.2f} million events, {size_of(trace) / MEGABYTE:.0f} MB")
    print(f"  {'':18} {'elapsed s':>9} {'user s':>7} {'ns/event':>8} {'/report':>7} {'/dump':>6}"
          f" {'peak MB':>8}")
    for way, one in medians.items():
        print(f"  {way:18} {one.seconds:9.2f} {one.user:7.2f} {one.user / events * 1e9:8.0f}"
              f" {one.user / medians['report'].user:7.2f} {one.user / medians['dump'].user:6.2f}"
              f" {one.peak / MEGABYTE:8.1f}", flush=True)


def check_growth(peaks):
    """Whether no peak grows with the trace; `peaks` has medians by size, the smallest first."""
    bounded = True
    for way in BOUNDED:
        growth = peaks[-1][way].peak / peaks[0][way].peak
        bounded = bounded and growth <= GROWTH
        print(f"{way}: peak of the last size {growth:.2f} times that of the first"
              + ("" if growth <= GROWTH else f": MORE THAN {GROWTH}"))
    return bounded


def measure_threads(folder):
    """Creation and join of a thread, natively and recorded, in turns; then what the trace takes.
    Whether a thread takes little memory."""
    trace = os.path.join(folder, "threads")
    samples = {"native": [], "recorded": []}
    for _ in range(RUNS):
        for way, times in samples.items():
            environment = recorded(trace) if way == "recorded" else None
            out = subprocess.run([PROGRAM, "-t", str(THREADS)], env=environment, check=True,
                                 stdout=subprocess.PIPE, text=True).stdout
            times.append(float(out))
    print(f"create and join a thread: {statistics.median(samples['native']):.1f} us,"
          f" recorded {statistics.median(samples['recorded']):.1f} us,"
          f" {size_of(trace) / THREADS:.0f} bytes")
    one = run([CONCTRACE, "timing", trace])
    share = one.peak / THREADS
    print(f"timing of {THREADS} threads: {one.seconds:.2f} s, peak {one.peak / MEGABYTE:.0f} MB"
          + ("" if share <= THREAD_BYTES else f": MORE THAN {THREAD_BYTES} bytes a thread"))
    return share <= THREAD_BYTES


def main(words):
    try:
        sizes = sorted(float(word) for word in words) or [1, 2, 5]
    except ValueError:
        sys.exit(f"sizes are numbers of millions, not {' '.join(words)}")
    os.environ.pop("CONCTRACE_OPTIONS", None)
    peaks = []
    print(f"medians of {RUNS} runs in turns; ratios are of user times", flush=True)
    with tempfile.TemporaryDirectory(prefix="conctrace-bench.") as folder:
        for size in sizes:
            trace = os.path.join(folder, "trace")
            run([PROGRAM, str(int(size * 1e6))], recorded(trace))
            peaks.append(measure(trace))
            print_size(count_events(trace), trace, peaks[-1])
        cheap_threads = measure_threads(folder)
    return 0 if check_growth(peaks) and cheap_threads else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
