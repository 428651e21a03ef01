#!/usr/bin/env python3
"""Checks the method itself against subjects whose answer is known. Takes longer than continuous integration allows.

usage: check.py RINGSIDE [CASE ...] [--runs N]

Without a case all are run. Exits 0 when every case held, 1 otherwise; every run is printed as it ends.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(ringside, scenario, *settings):
    """The result of a run; ringside's exit code says nothing about whether it ran."""
    with tempfile.TemporaryDirectory() as directory:
        options = [word for setting in settings for word in ("--set", setting)]
        done = subprocess.run(
            [ringside, "run", os.path.join(ROOT, scenario), "--json", "--quiet", "--output", directory, *options],
            stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout)


def capacity(ringside, runs, scenario, knee):
    """In 19 of 20 searches the true knee lies in the reported interval."""
    held = 0
    for seed in range(1, runs + 1):
        result = run(ringside, scenario, f"seed={seed * 100_000}")
        found = result.get("capacity")
        if not found:
            print(f"  seed {seed * 100_000}: no capacity, {result['status']}")
            continue
        low, high = found["low"], found.get("high", math.inf)
        holds = low <= knee <= high
        held += holds
        trials = sum(len(step["trials"]) for step in found["steps"])
        print(
            f"  seed {seed * 100_000}: [{low:.1f}, {high:.1f}] /s, {100 * (high - low) / knee:.1f} % wide, {trials} trials, "
            f"{result['duration_ns'] / 1e9:.1f} s{'' if found['confirmed'] else ', not confirmed'}{'' if holds else ', MISSED'}",
            flush=True)
    needed = math.ceil(runs * 19 / 20)
    print(f"  the knee of {knee:.1f} /s lay in {held} of {runs} intervals, {needed} are needed")
    return held >= needed


def capacity_virtual(ringside, runs):
    """Simulated M/M/1: p99 of the sojourn time is ln(100) / (mu - lambda)."""
    return capacity(ringside, runs, "Scenarios/capacity.yaml", 10_000 - math.log(100) / 0.002)


def capacity_live(ringside, runs):
    """The same on the real machine, ten minutes each."""
    return capacity(ringside, runs, "Tests/MethodCheck/capacity-live.yaml", 1_000 - math.log(100) / 0.020)


CASES = {"capacity-virtual": capacity_virtual, "capacity-live": capacity_live}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringside")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--runs", type=int, default=20, help="runs of each case (20)")
    options = parser.parse_args()
    failed = []
    for name in options.cases or CASES:
        if name not in CASES:
            parser.error(f"no case {name}; there is {', '.join(CASES)}")
        print(f"{name}: {CASES[name].__doc__}")
        if not CASES[name](options.ringside, options.runs):
            failed.append(name)
    print(f"FAILED: {', '.join(failed)}" if failed else "all cases held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
