"""Reads what `ringside export` wrote as its readers do.

Usage: check_exports.py FILE...; the file's name without .txt is the format. Exits with 1 and says what is wrong.
OpenMetrics is read by prometheus_client's strict parser; Go's lines by the grammar of golang.org/design/14313-benchmark-format,
which passes over lines of other forms: only remarks are let through as such; JMH's and github-action-benchmark's entries by the
fields that their readers take. Only OpenMetrics needs a library.
"""

import json
import math
import pathlib
import re
import sys

failures = 0


def expect(condition, what):
    global failures
    if not condition:
        failures += 1
        print(what)


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def github(text, units):
    entries = json.loads(text)
    expect(entries, "no entries")
    for entry in entries:
        expect(set(entry) <= {"name", "unit", "value", "range", "extra"}, f"unknown fields in {entry}")
        expect(isinstance(entry["name"], str) and number(entry["value"]), f"no name or value in {entry}")
        expect(entry["unit"] in units, f"the unit of {entry}")
    expect(len({entry["name"] for entry in entries}) == len(entries), "a name twice")


def jmh(text):
    entries = json.loads(text)
    expect(entries, "no entries")
    for entry in entries:
        expect(entry["mode"] in ("thrpt", "sample"), f"the mode of {entry}")
        expect(all(isinstance(value, str) for value in entry["params"].values()), f"the parameters of {entry}")
        metric = entry["primaryMetric"]
        expect(number(metric["score"]), f"the score of {entry}")
        expect(metric["scoreError"] == "NaN" or number(metric["scoreError"]), f"the error of {entry}")
        expect(len(metric["scoreConfidence"]) == 2, f"the confidence of {entry}")
        expect(len(metric["rawData"]) == entry["forks"], f"the raw data of {entry}")
        percentiles = sorted((float(name), value) for name, value in metric["scorePercentiles"].items())
        values = [value for _, value in percentiles]
        expect(values == sorted(values), f"percentiles that fall in {entry}")


def go(text):
    lines = text.splitlines()
    results = [line for line in lines if line.startswith("Benchmark")]
    expect(results, "no results")
    for line in lines:
        if line in results:
            fields = line.split()
            expect(re.fullmatch(r"Benchmark[A-Z][^\s]*", fields[0]), f"the name of {line}")
            expect(fields[1].isdigit() and int(fields[1]) > 0, f"the iterations of {line}")
            pairs = list(zip(fields[2::2], fields[3::2]))
            expect(len(fields) % 2 == 0 and pairs, f"values without units in {line}")
            expect(all(number(float(value)) for value, _ in pairs), f"a value of {line}")
            expect(len({unit for _, unit in pairs}) == len(pairs), f"a unit twice in {line}")
        else:
            expect(
                re.fullmatch(r"[a-z][^\sA-Z]*: .+|# .+", line), f"no result, configuration or remark: {line}"
            )


def openmetrics(text):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    families = {family.name: family for family in text_string_to_metric_families(text)}
    expect("ringside_run" in families and "ringside_throughput" in families, f"families: {sorted(families)}")
    expect(all(family.samples for family in families.values()), "a family without samples")


READERS = {
    "github-action-benchmark": lambda text: github(text, {"ns", "bytes"}),
    "github-action-benchmark-bigger": lambda text: github(text, {"messages/s"}),
    "jmh": jmh,
    "go-bench": go,
    "openmetrics": openmetrics,
}

for name in sys.argv[1:]:
    path = pathlib.Path(name)
    try:
        READERS[path.stem](path.read_text())
    except Exception as error:
        expect(False, f"{path.stem}: {type(error).__name__}: {error}")
sys.exit(1 if failures else 0)
