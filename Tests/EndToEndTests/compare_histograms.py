"""Reads a run's histograms with PyPI's hdrhistogram and compares them with what ringside says about them.

Usage: compare_histograms.py RESULTS_FOLDER. Prints one line per comparison; exits with 1 when one differs.
"""

import json
import sys

from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

SERIES = ["latency", "service_time", "send_delay", "confirm_time", "queue_time", "handler_time"]
folder = sys.argv[1]
failures = 0
compared = 0


def expect(what, ours, theirs):
    global failures, compared
    compared += 1
    if ours != theirs:
        failures += 1
        print(f"{what}: ringside says {ours}, hdrhistogram {theirs}")


with open(f"{folder}/result.json") as file:
    result = json.load(file)

counts = {}
for variant in result["variants"]:
    for trial in variant["trials"]:
        for phase in trial["phases"]:
            for series in SERIES:
                summary = phase.get(series)
                if not summary or not summary.get("count"):
                    continue
                name = f"{phase['name']}.{series}"
                histogram = HdrHistogram.decode(summary["hdr"])
                expect(f"{name} count", summary["count"], histogram.get_total_count())
                # The library reports the highest value of the bucket; ringside never says more than the maximum seen.
                for percentile, value in summary["percentiles"].items():
                    theirs = min(histogram.get_value_at_percentile(float(percentile)), summary["max"])
                    expect(f"{name} p{percentile}", min(value, summary["max"]), theirs)
                # The log holds one series per phase, that of the intervals; phases with the same one share a tag.
                if series == phase["interval_series"]:
                    tag = f"{variant['slug']}.{series}"
                    counts[tag] = counts.get(tag, 0) + summary["count"]

logged = {}
reader = HistogramLogReader(f"{folder}/run.hlog", HdrHistogram(1, 3_600_000_000_000, 3))
while (histogram := reader.get_next_interval_histogram()) is not None:
    tag = histogram.get_tag()
    logged[tag] = logged.get(tag, 0) + histogram.get_total_count()
for tag in counts.keys() | logged.keys():
    expect(f"run.hlog {tag} count", counts.get(tag), logged.get(tag))

print(f"{compared} comparisons, {failures} differ")
sys.exit(1 if failures or not compared else 0)
