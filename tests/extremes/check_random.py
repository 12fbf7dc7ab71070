"""Holds what is predicted of random runs against brute.py: nothing that could not have been, and how
much of what could. Says so; exits with 1 if there was anything false.

CT_RUNS=N: runs of each kind (default 400). CT_SEED=N: the first seed (default 1).
"""
import os
import subprocess
import sys
import tempfile

import brute
import runs

MAIN = os.path.join(os.environ["CT_BUILD"], "tests", "extremes_main")
COUNT = int(os.environ.get("CT_RUNS", "400"))
FIRST = int(os.environ.get("CT_SEED", "1"))
STATES = 20000


def predictions(made):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, run in enumerate(made):
            paths.append(os.path.join(folder, f"{i}.std"))
            with open(paths[-1], "w", encoding="ascii") as file:
                file.write(runs.text(*run))
        out = []
        for at in range(0, len(paths), 500):
            out += subprocess.run([MAIN, *paths[at:at + 500]], check=True, capture_output=True,
                                  text=True).stdout.splitlines()
    return [[finding(word) for word in line.split()[1:]] for line in out]


def finding(word):
    """Rule, numbers, the way there: as extremes_main prints them."""
    rule, numbers, way = (word + ":").split(":")[:3]
    way = [(step.split(".")[0], int(step.split(".")[1])) for step in way.split(",") if step]
    return rule, frozenset(map(int, numbers.split("+"))), way


def false_ones(explorer, told):
    """Each finding's threads have to stand in one hang together, and its witness has to lead there.
    Of lock-order see prediction/."""
    return [(rule, numbers) for rule, numbers, way in told if rule != "lock-order" and
            not (any(numbers <= hang for hang in explorer.certain) and
                 (not way or explorer.replay(way, numbers)))]


def share(part, whole):
    return f"{part} of {whole}" + (f" ({100 * part / whole:.1f} %)" if whole else "")


def check_kind(name):
    made = [runs.make(seed, name) for seed in range(FIRST, FIRST + COUNT)]
    certain = likely = helpless = found_certain = found_likely = found_helpless = 0
    wrong = large = 0
    for run, told in zip(made, predictions(made)):
        explorer = brute.Explorer(*run)
        if not explorer.explore(STATES):
            large += 1
            continue
        certain += bool(explorer.certain)
        likely += bool(explorer.likely)
        helpless += bool(explorer.helpless)
        found_helpless += any(rule != "lock-order" and numbers <= hang
                              for rule, numbers, _ in told for hang in explorer.helpless)
        found_certain += bool(told) and bool(explorer.certain)
        found_likely += bool(told) and bool(explorer.likely)
        for rule, numbers in false_ones(explorer, told):
            wrong += 1
            print("false:", rule, "+".join(map(str, sorted(numbers))), "in")
            print(runs.text(*run), end="")
    print(f"{name:12} {COUNT - large:6} runs; with a hang, told: {share(found_certain, certain)}; "
          f"one of communication: {share(found_helpless, helpless)}; "
          f"one that is likely: {share(found_likely, likely)}; {wrong} false")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if sum(check_kind(name) for name in runs.KINDS) else 0)
