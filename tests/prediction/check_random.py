"""Holds what is predicted of random traces against oracle.py: nothing that could not have been, and
how much of what could. Says so; exits with 1 if there was anything unsound.

CT_TRACES=N: traces of each kind (default 150). CT_SEED=N: the first seed (default 1).
Seeds that failed before are worth nothing here: give the trace as a scenario.
"""
import os
import subprocess
import sys
import tempfile

import oracle
import programs

MAIN = os.path.join(os.environ["CT_BUILD"], "tests", "prediction_main")
COUNT = int(os.environ.get("CT_TRACES", "150"))
FIRST = int(os.environ.get("CT_SEED", "1"))
BATCH = 200


def predictions(folder, traces, *options):
    """For each (initial, events) the predicted circles, with what follows each of them."""
    paths = []
    for i, trace in enumerate(traces):
        paths.append(os.path.join(folder, f"{i}.std"))
        with open(paths[-1], "w", encoding="ascii") as file:
            file.write(programs.text(*trace))
    out = subprocess.run([MAIN, *options, *paths], check=True, capture_output=True, text=True)
    found = []
    for line in out.stdout.splitlines():
        told = (part.partition(":") for part in line.split()[1:])
        found.append({tuple(map(int, circle.split("+"))): runs for circle, _, runs in told})
    return found


def check_witness(tally, trace, circle, runs):
    """The schedule that is told leads there."""
    if runs == "?":
        return
    steps = [run.split(".") for run in runs.split(",") if run]
    tally.witnesses += 1
    if not oracle.Oracle(*trace).replay([(name, int(until)) for name, until in steps], circle):
        tally.unsound += 1
        print("witness", runs, "does not lead to", circle, "in")
        print(programs.text(*trace), end="")


def without_accesses(initial, events):
    """The trace without its accesses, and the old numbers of its events."""
    kept = [(i, e) for i, e in enumerate(events, 1) if e[1] not in oracle.ACCESSES]
    return (initial, [e for _, e in kept]), [i for i, _ in kept]


def reads_while_it_holds(events, number):
    """Whether the thread reads after it took what it still holds at the event."""
    thread, held, read = events[number - 1][0], [], False
    for t, op, arg in events[:number - 1]:
        if t != thread:
            continue
        lock = arg.split(".")[-1]
        if op in oracle.EXCLUSIVE or op in ("racq", "swait"):
            held.append(lock)
        elif op in ("rel", "rrel", "wait", "post") and lock in held:
            held.remove(lock)
        elif op == "r" and held:
            read = True
        if not held:
            read = False
    return read


def share(part, whole):
    return f"{part} ({100 * part / whole:.1f} %)" if whole else "0"


class Tally:
    def __init__(self):
        self.traces = self.feasible = self.found = self.unsound = self.excused = 0
        self.traces_feasible = self.traces_found = self.witnesses = 0

    def line(self, name):
        return (f"{name:54} {self.traces:6} traces: of {self.traces_feasible} with a feasible "
                f"deadlock {share(self.traces_found, self.traces_feasible)} told, of "
                f"{self.feasible} deadlocks {share(self.found, self.feasible)}; "
                f"{self.witnesses} witnesses replayed, {self.excused} not as assumed, "
                f"{self.unsound} unsound")


def check_one(tally, trace, predicted, excuse):
    truth = oracle.deadlocks(*trace)
    for circle, runs in predicted.items():
        check_witness(tally, trace, circle, runs)
    predicted = set(predicted)
    tally.traces += 1
    tally.feasible += len(truth)
    tally.found += len(predicted & truth)
    tally.traces_feasible += bool(truth)
    tally.traces_found += bool(predicted & truth)
    for circle in sorted(predicted - truth):
        if excuse and any(reads_while_it_holds(trace[1], number) for number in circle):
            tally.excused += 1
            continue
        tally.unsound += 1
        print("unsound:", "+".join(map(str, circle)), "in")
        print(programs.text(*trace), end="")


def check_kind(name, blind):
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, COUNT, BATCH):
            seeds = range(FIRST + start, FIRST + min(start + BATCH, COUNT))
            traces = [programs.make(seed, name) for seed in seeds]
            if blind:
                seen = [without_accesses(*trace) for trace in traces]
                told = predictions(folder, [trace for trace, _ in seen], "-b")
                told = [{tuple(numbers[i - 1] for i in circle): "?" for circle in circles}
                        for circles, (_, numbers) in zip(told, seen)]
            else:
                told = predictions(folder, traces, "-w")
            for trace, circles in zip(traces, told):
                check_one(tally, trace, circles, blind)
    print(tally.line(name + (", accesses not recorded" if blind else "")))
    return tally.unsound


def main():
    unsound = sum(check_kind(name, False) for name in programs.KINDS)
    unsound += sum(check_kind(name, True) for name in programs.GUARDED)
    unsound += sum(check_kind(name, False) for name in programs.GUARDED)
    return 1 if unsound else 0


if __name__ == "__main__":
    sys.exit(main())
