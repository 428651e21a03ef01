#!/usr/bin/env python3
"""Validates result.json files against the schema.

usage: validate_result.py SCHEMA RESULT...

Additions are allowed to a result of a newer ringside, but not to one of this build: with --strict every key must be in
the schema. Exits 0 when all are valid, 1 when one is not, and names every problem with its place.
"""

import argparse
import json
import sys

import jsonschema


def close_objects(node):
    """Refuses keys that the schema does not name, wherever it names any."""
    if isinstance(node, dict):
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
        for child in node.values():
            close_objects(child)
    elif isinstance(node, list):
        for child in node:
            close_objects(child)


def undocumented(node, path=""):
    """The keys of the schema that no description explains, at the key itself or where it refers to."""
    found = []
    if isinstance(node, dict):
        for key, child in node.get("properties", {}).items():
            if "description" not in child and "$ref" not in child:
                found.append(f"{path}/{key}")
        for key, child in node.items():
            found += undocumented(child, f"{path}/{key}")
    elif isinstance(node, list):
        for child in node:
            found += undocumented(child, path)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("schema")
    parser.add_argument("results", nargs="+")
    arguments = parser.parse_args()
    with open(arguments.schema, encoding="utf-8") as file:
        schema = json.load(file)
    problems = [f"{arguments.schema}: {path} has no description" for path in undocumented(schema)]
    if arguments.strict:
        close_objects(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for name in arguments.results:
        with open(name, encoding="utf-8") as file:
            result = json.load(file)
        for error in validator.iter_errors(result):
            problems.append(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
    print("\n".join(problems) or f"{len(arguments.results)} valid")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
