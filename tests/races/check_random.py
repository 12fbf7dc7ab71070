"""Holds the data races that are told of random traces against all orders that could have been:
nothing is predicted that could not have been, and how much of what could. Says so; exits with 1 if
there was anything unsound. What is only potential may be wrong; how often is said.

CT_TRACES=N: traces of each kind (default 150). CT_SEED=N: the first seed (default 1).
"""
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "prediction"))

import oracle  # noqa: E402
import programs  # noqa: E402

MAIN = os.path.join(os.environ["CT_BUILD"], "tests", "races_main")
COUNT = int(os.environ.get("CT_TRACES", "150"))
FIRST = int(os.environ.get("CT_SEED", "1"))
BATCH = 200
Kind = programs.Kind
KINDS = {
    "race: two threads": Kind(threads=(2, 2), locks=(2, 2), r=4, w=4, events=(12, 20)),
    "race: three threads": Kind(threads=(3, 3), locks=(2, 3), r=3, w=3, events=(14, 20)),
    "race: joins": Kind(threads=(3, 4), locks=(1, 2), fork=2, join=3, end=2, r=4, w=4,
                        events=(14, 22)),
    "race: readers": Kind(locks=(1, 2), racq=5, acq=3, r=3, w=3, events=(12, 18)),
    "race: tries": Kind(tacq=2, tfail=2, tmacq=1, r=3, w=3, events=(12, 18)),
    "race: semaphores": Kind(post=2, swait=2, r=3, w=3, events=(12, 18)),
    "race: semaphores as locks": Kind(locks=(1, 1), take=5, give=5, r=4, w=4, events=(14, 18)),
    "race: conditions": Kind(wait=2, sig=2, bcast=0.5, wake=3, r=2, w=2, events=(14, 20)),
    "race: pipes": Kind(pw=2, pr=2, r=3, w=3, events=(12, 18)),
    "race: guarded": Kind(r=3, w=3, guarded=True, events=(14, 20)),
    "race: mixed": Kind(threads=(3, 3), racq=2, fork=1, join=2, end=1, r=3, w=3, tacq=1, tfail=1,
                        post=1, swait=1, take=1, give=1, pw=0.5, pr=0.5, events=(14, 20)),
}


class Oracle(oracle.Oracle):
    """Pairs of accesses that stand side by side in some order; a read may see anything then."""

    def next_access(self, state, facts, index):
        name = self.names[index]
        if state[0][index] == len(self.by_thread[name]) or not self.is_born(facts, name):
            return None
        event = self.by_thread[name][state[0][index]]
        return event if event[1] in oracle.ACCESSES else None

    def meetings(self, state):
        facts = self.facts(state)
        here = [self.next_access(state, facts, i) for i in range(len(self.names))]
        here = sorted(event for event in here if event)
        return {(a[0], b[0]) for a in here for b in here
                if a < b and a[2] == b[2] and "w" in (a[1], b[1])}

    def races(self):
        seen, todo, found = {self.start()}, [self.start()], set()
        while todo:
            state = todo.pop()
            found |= self.meetings(state)
            for index in range(len(self.names)):
                for after in self.do_next(state, index, ()):
                    if after not in seen:
                        seen.add(after)
                        todo.append(after)
        return found


def told(folder, traces):
    """For each trace the pairs that are predicted, and those that are only potential."""
    paths = []
    for i, trace in enumerate(traces):
        paths.append(os.path.join(folder, f"{i}.std"))
        with open(paths[-1], "w", encoding="ascii") as file:
            file.write(programs.text(*trace))
    out = subprocess.run([MAIN, *paths], check=True, capture_output=True, text=True).stdout
    for line in out.splitlines():
        predicted, potential = set(), set()
        for word in line.split()[1:]:
            first, second = word.strip("?").split("-")
            pair = tuple(sorted((int(first), int(second))))
            (potential if word.endswith("?") else predicted).add(pair)
        yield predicted, potential


def share(part, whole):
    return f"{part} ({100 * part / whole:.1f} %)" if whole else "0"


def check_kind(name):
    programs.KINDS[name] = KINDS[name]
    true = found = maybe = mistaken = unsound = 0
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, COUNT, BATCH):
            seeds = range(FIRST + start, FIRST + min(start + BATCH, COUNT))
            traces = [programs.make(seed, name) for seed in seeds]
            for trace, (predicted, potential) in zip(traces, told(folder, traces)):
                truth = Oracle(*trace).races()
                true += len(truth)
                found += len(predicted & truth)
                maybe += len(potential & truth)
                mistaken += len(potential - truth)
                wrong = predicted - truth
                unsound += len(wrong)
                if wrong:
                    print("unsound:", sorted(wrong), "in")
                    print(programs.text(*trace), end="")
    print(f"{name:28} {COUNT:6} traces: of {true} races {share(found, true)} predicted, "
          f"{share(maybe, true)} told as potential ({mistaken} more could not be), "
          f"{unsound} unsound")
    return unsound


if __name__ == "__main__":
    sys.exit(1 if sum(check_kind(kind) for kind in KINDS) else 0)
