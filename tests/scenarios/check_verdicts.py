"""Holds the .expect files of the traces with known verdicts against the table of these.

verdicts.csv: `SPD_with_joins` are the lock-order findings that are predicted, numbers of requests;
`two_extremes` whether the search for hangs finds one, which has to be predicted then, by whatever
rule, and no other rule else; `final_state_hang` the threads that hang at the end, of which some have
to be told as observed. run_scenarios.sh sees to it that what .expect says is what is found.
"""
import csv
import glob
import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))


def words(column):
    return set() if column == "no" else set(column.split())


def expected(trace):
    """The lines of the trace's .expect, in words; None: there is not one such trace."""
    found = glob.glob(os.path.join(FOLDER, "*", trace + ".std"))
    if len(found) != 1:
        return None
    with open(found[0][:-len("std")] + "expect", encoding="utf-8") as file:
        return [line.split() for line in file if not line.startswith("#")]


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
            lines = expected(row["trace"])
            count += 1
            for text in ["no such trace, or several"] if lines is None else complaints(row, lines):
                print(f"{row['trace']}: {text}")
                failed = True
    print(f"{count} traces")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
