"""check_sarif.py LOG [WANTED]: a SARIF log is valid, fit for code hosts, and has so many results.

Held against the standard's schema and what GitHub's code scanning asks for: GitHub documentation,
"SARIF support for code scanning", sections "Supported SARIF output file properties" and "Validating
your SARIF file". Its tables also call region.endColumn required; Microsoft's validator for GitHub
(sarif-sdk, rule GH1003) asks for startLine only. Without it the region goes to the end of the line.
"""
import gzip
import json
import os
import sys

import jsonschema

# Of an object: the values that have to be there, and not empty.
REQUIRED = {
    "log": ("$schema", "version", "runs"),
    "run": ("tool.driver.name", "tool.driver.version", "tool.driver.rules", "automationDetails.id"),
    "rule": ("id", "shortDescription.text", "fullDescription.text", "help.text", "help.markdown",
             "defaultConfiguration.level", "properties.tags", "properties.precision"),
    "result": ("ruleId", "level", "message.text", "locations",
               "partialFingerprints.primaryLocationLineHash", "partialFingerprints.conctrace/v1",
               "properties.evidence"),
    "location": ("physicalLocation.artifactLocation.uri", "physicalLocation.region.startLine",
                 "physicalLocation.region.startColumn", "physicalLocation.region.endLine"),
}
TEXT_LIMITS = {"shortDescription": 1024, "fullDescription": 1024}
PRECISIONS = ("very-high", "high", "medium", "low")
SEVERITIES = ("error", "warning", "recommendation")
EVIDENCE = ("potential", "predicted", "confirmed", "observed")
RUNS, RESULTS, LOCATIONS, FLOW_LOCATIONS, TAGS = 20, 25000, 1000, 10000, 20
GZIP_BYTES = 10 * 1000 * 1000
WITH_SCHEMA = 400  # results: the validator takes a millisecond or two for each


def value_at(item, path):
    for key in path.split("."):
        item = item[key]
    return item


def check_required(kind, item):
    for path in REQUIRED[kind]:
        assert value_at(item, path), f"{kind} without {path}: {item}"


def check_rule(rule):
    check_required("rule", rule)
    for name, limit in TEXT_LIMITS.items():
        assert len(rule[name]["text"]) <= limit, rule
    assert len(rule["properties"]["tags"]) <= TAGS
    assert rule["properties"]["precision"] in PRECISIONS
    assert rule["properties"]["problem.severity"] in SEVERITIES


def check_locations(locations):
    for location in locations:
        check_required("location", location)
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii() and not set(uri) & set(' "<>\\^`{|}'), uri
        assert uri.startswith("file:///") or not uri.startswith("/") and ":" not in uri, uri
        assert location["physicalLocation"]["region"]["startLine"] >= 1


def check_message(text):
    """A producer that means no link and no placeholder writes none."""
    assert "](" not in text, text
    rest = text.replace("{{", "").replace("}}", "")
    assert "{" not in rest and "}" not in rest, text


def check_result(result, rules):
    check_required("result", result)
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["properties"]["evidence"] in EVIDENCE
    check_message(result["message"]["text"])
    places = result["locations"] + result["relatedLocations"]
    assert len(places) <= LOCATIONS
    assert [place["id"] for place in result["relatedLocations"]] == list(range(1, len(places)))
    flows = [step["location"] for flow in result.get("codeFlows", []) for thread in
             flow["threadFlows"] for step in thread["locations"]]
    assert len(flows) <= FLOW_LOCATIONS
    check_locations(places + flows)
    for place in places + flows:
        check_message(place.get("message", {}).get("text", ""))
    threads = [flow["id"] for flow in result.get("codeFlows", [{"threadFlows": []}])[0]["threadFlows"]]
    assert len(threads) == len(set(threads)), threads


def check_log(log):
    check_required("log", log)
    assert log["version"] == "2.1.0" and len(log["runs"]) <= RUNS
    categories = [run["automationDetails"]["id"].rpartition("/")[0] for run in log["runs"]]
    assert len(categories) == len(set(categories)), categories
    for run in log["runs"]:
        check_required("run", run)
        rules = run["tool"]["driver"]["rules"]
        assert len(run["results"]) <= RESULTS
        for rule in rules:
            check_rule(rule)
        for result in run["results"]:
            check_result(result, rules)
        ids = [result["partialFingerprints"]["conctrace/v1"] for result in run["results"]]
        assert len(ids) == len(set(ids)), "a fingerprint is there twice"


def validate(log):
    path = os.path.join(os.environ["CT_SOURCE"], "tests", "schemas", "sarif-2.1.0.json")
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    for run in log["runs"]:
        run["results"] = run["results"][::1 + len(run["results"]) // WITH_SCHEMA]
    jsonschema.Draft4Validator(schema).validate(log)


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    assert len(gzip.compress(data)) <= GZIP_BYTES
    log = json.loads(data.decode("utf-8"))
    check_log(log)
    if len(sys.argv) > 2:
        found = sum(len(run["results"]) for run in log["runs"])
        assert found == int(sys.argv[2]), f"{found} results"
    validate(log)


main()
