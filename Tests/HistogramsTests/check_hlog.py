#!/usr/bin/env python3
"""Reads a .hlog with PyPI's hdrhistogram (0.10.8) and compares what it finds with what ringside said.

Usage: check_hlog.py FILE.hlog EXPECTED.json

EXPECTED.json: { "<tag>": { "count": 1000, "percentiles": { "50": 1234, "99.9": 5678 } } }, in nanoseconds, where a tag
stands for all its intervals together. Both keys are optional. Exit 0 when everything agrees, 1 with one line for each
difference, 3 when the library is not installed.

Two values agree when they lie in one bucket. The library rounds the rank of a percentile to the nearest; HdrHistogram
in Java, and ringside, round it up: the value of either rank is accepted.
"""
import json
import math
import sys

try:
    from hdrh.histogram import HdrHistogram
    from hdrh.log import HistogramLogReader
except ImportError:
    print("hdrhistogram is not installed", file=sys.stderr)
    sys.exit(3)


def read(path):
    merged = {}
    reader = HistogramLogReader(path, HdrHistogram(1, 60_000_000_000, 3))
    while True:
        interval = reader.get_next_interval_histogram()
        if interval is None:
            return merged
        tag = interval.get_tag() or ""
        if tag not in merged:
            merged[tag] = HdrHistogram(
                interval.lowest_trackable_value, interval.highest_trackable_value, interval.significant_figures)
        merged[tag].add(interval)


def value_at_rank(histogram, rank):
    total = 0
    for index in range(histogram.counts_len):
        total += histogram.get_count_at_index(index)
        if total >= rank:
            return histogram.get_value_from_index(index)
    return 0


def differences(histogram, expected):
    if "count" in expected and histogram.total_count != expected["count"]:
        yield f"count: {histogram.total_count} in the log, {expected['count']} expected"
    for text, value in expected.get("percentiles", {}).items():
        percentile = float(text)
        exact = percentile * histogram.total_count / 100
        rank = max(1, min(histogram.total_count, math.ceil(exact - 1e-9 * exact)))
        found = [value_at_rank(histogram, rank), histogram.get_value_at_percentile(percentile)]
        if not any(histogram.values_are_equivalent(candidate, value) for candidate in found):
            yield f"p{text}: {found[0]} in the log, {value} expected"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="utf-8") as file:
        expected = json.load(file)
    histograms = read(sys.argv[1])
    failed = False
    for tag, figures in expected.items():
        if tag not in histograms:
            problems = ["not in the log"]
        else:
            problems = list(differences(histograms[tag], figures))
        for problem in problems:
            failed = True
            print(f"{tag}: {problem}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
