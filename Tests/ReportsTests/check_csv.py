#!/usr/bin/env python3
"""Checks the tables of a result directory: documented columns, plain numbers, and the same figures as result.json.

usage: check_csv.py DIRECTORY

Exits 0 when all is well, 1 otherwise, and names every problem.
"""

import csv
import json
import os
import re
import sys

COLUMNS = {
    "metrics.csv": "run_id,scenario,variant,trial,phase,sample_type,metric,stat,value,unit,marks",
    "intervals.csv": "run_id,variant,trial,phase,sample_type,interval_start_ns,interval_length_ns,metric,stat,value,unit",
    "percentiles.csv": "run_id,variant,trial,phase,series,percentile,value_ns,count_at_or_below,total_count,"
    "ci95_low_ns,ci95_high_ns,supported",
    "variants.csv": "run_id,variant,slug,baseline",
    "events.csv": "run_id,variant,trial,offset_ns,kind,subject,detail",
    "capacity.csv": "run_id,variant,metric,limit_ns,step,rate_per_s,confirmation,verdict,step_observed_ns,"
    "step_ci95_low_ns,step_ci95_high_ns,order,status,observed_ns,ratio,sent_per_s,received_per_s",
    "comparisons.csv": "run_id,metric,stat,baseline,candidate,n_baseline,n_candidate,median_baseline,median_candidate,"
    "ratio,ratio_ci95_low,ratio_ci95_high,p,p_adjusted,mde_pct,verdict,batch,confirmed,phase,marks",
}
SERIES = ["latency", "service_time", "send_delay", "confirm_time", "queue_time", "handler_time", "result_time",
          "encode_time", "decode_time"]

problems = []


def check(condition, message):
    if not condition:
        problems.append(message)


def read(directory, name):
    with open(os.path.join(directory, name), encoding="utf-8", newline="") as file:
        text = file.read()
    check("\r" not in text.replace('"', ""), f"{name}: carriage returns")
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    header = text.split("\n", 1)[0]
    if name == "variants.csv":
        check(re.fullmatch(COLUMNS[name] + r"(,param_\w[\w.]*)*,marks", header), f"{name}: header {header}")
    else:
        check(header == COLUMNS[name], f"{name}: header {header}")
    for number, row in enumerate(rows, 2):
        check(None not in row and None not in row.values(), f"{name}:{number}: wrong number of fields")
        for column, value in row.items():
            if column and column.endswith("_ns") and value:
                check(re.fullmatch(r"\d+", value), f"{name}:{number}: {column} is '{value}'")
    return rows


def phases(result):
    for variant in result["variants"]:
        for trial in variant["trials"]:
            for phase in trial["phases"]:
                yield (variant["id"], str(trial["index"]), phase["name"]), phase


def check_metrics(rows, result):
    values = {}
    for row in rows:
        key = (row["variant"], row["trial"], row["phase"], row["metric"], row["stat"])
        check(key not in values, f"metrics.csv: {key} twice")
        values[key] = float(row["value"])
    for place, phase in phases(result):
        expected = {
            ("messages", "sent"): phase["counts"]["sent"],
            ("messages", "received"): phase["counts"]["received"],
            ("throughput", "mean"): phase["rates"]["received_per_s"],
        }
        for name in ("lost", "duplicated", "reordered", "corrupted"):
            if "verify" in phase:
                expected[("verify", name)] = phase["verify"][name]
        for name in SERIES:
            if name in phase:
                expected[(name, "max")] = phase[name]["max"]
                for percentile in phase[name]["supported"]:
                    expected[(name, "p" + percentile)] = phase[name]["percentiles"][percentile]
        for (metric, stat), value in expected.items():
            found = values.get(place + (metric, stat))
            check(found == value, f"metrics.csv: {place} {metric} {stat} is {found}, in result.json {value}")


def check_intervals(rows, result):
    starts = {}
    for row in rows:
        place = (row["variant"], row["trial"], row["phase"])
        starts.setdefault(place, set()).add(int(row["interval_start_ns"]))
    for place, phase in phases(result):
        expected = {interval["start_ns"] for interval in phase["intervals"]}
        check(starts.get(place, set()) == expected, f"intervals.csv: {place}: other intervals than in result.json")


def check_percentiles(rows, result):
    values = {}
    for row in rows:
        values[(row["variant"], row["trial"], row["phase"], row["series"], row["percentile"])] = row
        check(row["supported"] in ("true", "false"), f"percentiles.csv: supported is '{row['supported']}'")
        at_or_below, total = int(row["count_at_or_below"]), int(row["total_count"])
        check(at_or_below <= total, f"percentiles.csv: {at_or_below} of {total}")
        check(at_or_below >= total * float(row["percentile"]) / 100 - 1, f"percentiles.csv: too few below {row}")
        if row["ci95_low_ns"]:
            low, high, value = int(row["ci95_low_ns"]), int(row["ci95_high_ns"]), int(row["value_ns"])
            check(low <= value <= high, f"percentiles.csv: {value} outside {low}..{high}")
    for place, phase in phases(result):
        for name in SERIES:
            for percentile, value in phase.get(name, {"percentiles": {}})["percentiles"].items():
                row = values.get(place + (name, percentile))
                check(row and int(row["value_ns"]) == value, f"percentiles.csv: {place} {name} p{percentile}: {row}")
    # A ring that is only saturated times nothing, so there is nothing to merge.
    timed = any(name in phase for _, phase in phases(result) for name in SERIES)
    merged = any(row["trial"] == "all" for row in rows)
    check(merged == timed, f"percentiles.csv: timed series: {timed}, merged histogram: {merged}")


def main():
    directory = sys.argv[1]
    with open(os.path.join(directory, "result.json"), encoding="utf-8") as file:
        result = json.load(file)
    tables = {name: read(directory, name) for name in COLUMNS if name not in ("comparisons.csv", "capacity.csv")}
    searched = [variant["capacity"] for variant in result["variants"] if "capacity" in variant]
    if searched:
        trials = sum(len(step["trials"]) for capacity in searched for step in capacity["steps"])
        check(len(read(directory, "capacity.csv")) == trials, "capacity.csv: row count")
    if result["comparisons"]:
        check(len(read(directory, "comparisons.csv")) == len(result["comparisons"]), "comparisons.csv: row count")
    for name, rows in tables.items():
        check(all(row["run_id"] == result["run_id"] for row in rows), f"{name}: another run_id")
    check_metrics(tables["metrics.csv"], result)
    check_intervals(tables["intervals.csv"], result)
    check_percentiles(tables["percentiles.csv"], result)
    check(
        [(row["variant"], row["slug"]) for row in tables["variants.csv"]]
        == [(variant["id"], variant["slug"]) for variant in result["variants"]],
        "variants.csv: other variants than in result.json",
    )
    events = sum(len(trial["events"]) for variant in result["variants"] for trial in variant["trials"])
    check(len(tables["events.csv"]) == events, "events.csv: row count")
    print("\n".join(problems) or f"{sum(map(len, tables.values()))} rows well")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
