"""json_report.py FILE EXPRESSION...: the report of --json is as its schema and docs/json.md say, and each
expression holds. In expressions: report, runs, run (the first), findings (of it), uses.
"""
import json
import os
import sys

import jsonschema


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), f"a key comes twice: {keys}"
    return dict(pairs)


def main():
    with open(sys.argv[1], encoding="utf-8", errors="strict") as file:
        report = json.load(file, object_pairs_hook=unique_keys)
    with open(os.path.join(os.environ["CT_SOURCE"], "docs/schema/report-1.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.Draft7Validator(schema).validate(report)
    for run in report["runs"]:
        ids = [finding["id"] for finding in run["findings"] + run["hidden"]]
        assert len(set(ids)) == len(ids), "two findings have one id"
    names = {"report": report, "runs": report["runs"], "run": report["runs"][0],
             "findings": report["runs"][0]["findings"], "uses": report["runs"][0]["uses"]}
    for expression in sys.argv[2:]:
        if not eval(expression, names):
            sys.exit(f"{sys.argv[1]}: {expression} is false; uses: {names['uses']}")


main()
