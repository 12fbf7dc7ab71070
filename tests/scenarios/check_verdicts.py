"""Holds the .expect files of the traces with known verdicts against the table of these.

verdicts.csv: `SPD_with_joins` are the lock-order findings that are predicted, numbers of requests;
`two_extremes` whether the search for hangs finds one, which has to be predicted then, by whatever
rule, and no other rule else; `final_state_hang` the threads that hang at the end, of which some have
to be told as observed. run_scenarios.sh sees to it that what .expect says is what is found.

Of data races the detector itself is asked: `SHB_race` are those that nothing orders in the run,
`SyncP_race` those and what is predicted besides, `predictable_race` all that any order has: what
is told as potential has to be among them.
"""
import csv
import glob
import os
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
MAIN = os.path.join(os.environ["CT_BUILD"], "tests", "scenario_main")


def words(column):
    return set() if column == "no" else set(column.split())


def expected(path):
    """The lines of the trace's .expect, in words."""
    with open(path[:-len("std")] + "expect", encoding="utf-8") as file:
        return [line.split() for line in file if not line.startswith("#")]


def races(row, path):
    out = subprocess.run([MAIN, path, "data-race"], check=True, capture_output=True, text=True)
    lines = [line.split() for line in out.stdout.splitlines() if line != "none"]
    in_run = {line[2] for line in lines if line[3:] == ["in-run"]}
    predicted = {line[2] for line in lines if line[1] == "predicted"}
    told = {line[2] for line in lines}
    if in_run != words(row["SHB_race"]):
        yield f"races in the run: {sorted(in_run)}, not {row['SHB_race']}"
    if not words(row["SyncP_race"]) <= predicted or predicted - words(row["predictable_race"]):
        yield f"predicted races: {sorted(predicted)}, not {row['SyncP_race']}"
    if told - words(row["predictable_race"]):
        yield f"races: {sorted(told)}, not {row['predictable_race']}"


def complaints(row, lines):
    predicted = {line[0] for line in lines if line[1:2] == ["predicted"]}
    circles = {line[2] for line in lines if line[:2] == ["lock-order", "predicted"]}
    if circles != words(row["SPD_with_joins"]):
        yield f"predicted circles: {sorted(circles)}, not {row['SPD_with_joins']}"
    if not predicted if row["two_extremes"] == "yes" else predicted - {"lock-order"}:
        yield f"predicted by {sorted(predicted)}, two extremes: {row['two_extremes']}"
    hung = {name for line in lines if "observed" in line for name in line[2:]}
    if bool(hung) != bool(words(row["final_state_hang"])) or hung - words(row["final_state_hang"]):
        yield f"hung: {sorted(hung)}, not {row['final_state_hang']}"


def main():
    failed, count = False, 0
    with open(os.path.join(FOLDER, "verdicts.csv"), encoding="ascii") as file:
        for row in csv.DictReader(file):
            paths = glob.glob(os.path.join(FOLDER, "*", row["trace"] + ".std"))
            count += 1
            wrong = ["no such trace, or several"]
            if len(paths) == 1:
                wrong = [*complaints(row, expected(paths[0])), *races(row, paths[0])]
            for text in wrong:
                print(f"{row['trace']}: {text}")
                failed = True
    print(f"{count} traces")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
