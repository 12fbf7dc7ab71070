"""strip_schema.py SCHEMA.json: that JSON Schema without its prose, on standard output."""
import json
import sys

PROSE = ("title", "description", "$comment")


def strip(value, names=False):
    """`names`: the keys are names of the schema's author, as below "properties"."""
    if isinstance(value, list):
        return [strip(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: strip(item, key in ("properties", "definitions", "patternProperties") and not names)
            for key, item in value.items() if names or key not in PROSE}


with open(sys.argv[1], encoding="utf-8") as schema:
    json.dump(strip(json.load(schema)), sys.stdout, indent=1, sort_keys=True)
sys.stdout.write("\n")
