#!/usr/bin/env python3
"""Whether ringside's comparisons keep their promises on this machine; too long for continuous integration.

    method_check.py aa        identical variants compared 200 times: false alarms
    method_check.py aa-bytes  the same of allocated bytes per message, in 1, 2, 3, 4 and 5 trials without a warm-up, 100 times
    method_check.py slowdown  a subject slowed down by 5 %, compared 100 times: how often that is found
    method_check.py capacity-virtual   20 searches for the capacity of a simulated M/M/1: how often it lies in the interval
    method_check.py capacity-live      the same on the real machine
    method_check.py all       every part

--count N asks for fewer comparisons or searches; what is allowed follows from the binomial distribution. --ringside PATH names the
binary. Each part runs scenarios beside this file with seeds 1, 2, 3, ... and reads the result.json of each run.
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import time

FOLDER = pathlib.Path(__file__).parent
ALPHA = 0.01
POWER = 0.95
# How unlikely a failure of a sound method may be: 5 of 200 false alarms and 90 of 100 finds are just allowed by it.
DOUBT = 0.02


def at_most(count, probability, limit):
    """P(X <= limit) of a binomial X."""
    return sum(
        math.comb(count, k) * probability**k * (1 - probability) ** (count - k) for k in range(0, min(limit, count) + 1))


def most_allowed(count, probability):
    """The smallest number that a binomial X exceeds with a probability of at most DOUBT."""
    return next(k for k in range(count + 1) if 1 - at_most(count, probability, k) <= DOUBT)


def fewest_needed(count, probability):
    """The largest number that a binomial X falls short of with a probability of at most DOUBT."""
    return max(k for k in range(count + 1) if at_most(count, probability, k - 1) <= DOUBT)


class Part:
    """One part of the check: runs scenarios, counts, and says what it found."""

    def __init__(self, name, options):
        self.name, self.options, self.started = name, options, time.monotonic()
        self.unusable = 0

    def run(self, scenario, seed, *arguments):
        """The result of one run; None when its load was not delivered, which says nothing about the method."""
        with tempfile.TemporaryDirectory() as folder:
            output = f"{folder}/result"
            command = [self.options.ringside, "run", str(FOLDER / scenario), "--quiet", "--no-noise-probe",
                       "--output", output, "--set", f"seed={seed}", *arguments]
            ended = subprocess.run(command, capture_output=True, text=True)
            if ended.returncode in (0, 2):
                return json.loads(pathlib.Path(output, "result.json").read_text())
            if ended.returncode != 6:
                sys.exit(f"{self.name}: {' '.join(command)} ended with {ended.returncode}:\n{ended.stderr}")
            self.unusable += 1
            return None

    def progress(self, text):
        if sys.stderr.isatty():
            print(f"\r{self.name}: {text}\033[K", end="", file=sys.stderr, flush=True)

    def conclude(self, holds, text):
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        unusable = f", {self.unusable} runs without their load left out" if self.unusable else ""
        seconds = time.monotonic() - self.started
        print(f"{self.name}: {'holds' if holds else 'FAILS'}: {text}{unusable} ({seconds:.0f} s)", flush=True)
        return holds


def gating(result):
    return [comparison for comparison in result["comparisons"] if comparison.get("gating")]


def check_aa(options):
    """Half of the comparisons by pairs, half by independent trials."""
    part = Part("aa", options)
    wanted = options.count or 200
    alarms, seed = [], 0
    counted = 0
    while counted < wanted:
        seed += 1
        scenario = "aa-paired.yaml" if seed % 2 else "aa-independent.yaml"
        result = part.run(scenario, seed)
        if result is None:
            if part.unusable > wanted:
                return part.conclude(False, "this machine does not deliver the load")
            continue
        counted += 1
        found = [c for c in gating(result) if c["verdict"] in ("worse", "better")]
        alarms += [f"{scenario} seed {seed}: {c['metric']} {c['verdict']}, p {c['p_adjusted']:.2g}" for c in found[:1]]
        part.progress(f"{counted} of {wanted}, {len(alarms)} false alarms")
    allowed = most_allowed(wanted, ALPHA)
    for alarm in alarms:
        print(f"  {alarm}")
    chance = 1 - at_most(wanted, ALPHA, len(alarms) - 1) if alarms else 1
    return part.conclude(
        len(alarms) <= allowed,
        f"{len(alarms)} false alarms in {wanted} comparisons at alpha {ALPHA}, at most {allowed} allowed "
        f"(so many or more by chance: {chance:.0%})")


def check_aa_bytes(options):
    """Few trials, in which buffers have grown to whatever size: each that says better or worse before it is confirmed is one."""
    part = Part("aa-bytes", options)
    wanted = options.count or 100
    alarms, counted, seed, undecided = [], 0, 0, 0
    while counted < wanted:
        seed += 1
        trials = 1 + seed % 5
        result = part.run("aa-bytes.yaml", seed, "--set", f"trials.count={trials}")
        if result is None:
            if part.unusable > wanted:
                return part.conclude(False, "this machine does not deliver the load")
            continue
        comparison = next((c for c in gating(result) if c["metric"] == "allocated_bytes_per_message"), None)
        if comparison is None:
            return part.conclude(False, "allocated bytes are not counted: ringside runs without jemalloc")
        counted += 1
        undecided += comparison["verdict"] == "inconclusive"
        if comparison["verdict"] in ("worse", "better"):
            alarms.append(
                f"seed {seed}, {trials} trials: {comparison['verdict']} ({comparison['test']}), "
                f"{comparison['range_a']} against {comparison['range_b']} B")
        part.progress(f"{counted} of {wanted}, {len(alarms)} false alarms")
    allowed = most_allowed(wanted, ALPHA)
    for alarm in alarms:
        print(f"  {alarm}")
    return part.conclude(
        len(alarms) <= allowed,
        f"{len(alarms)} false alarms in {wanted} comparisons of allocated bytes, at most {allowed} allowed; {undecided} undecided")


def check_slowdown(options):
    """Comparisons that say themselves that they can see 5 % must see it."""
    part = Part("slowdown", options)
    wanted = options.count or 100
    found, counted, blind, better, ratios, seed = 0, 0, 0, 0, [], 0
    while counted < wanted:
        seed += 1
        if seed > 3 * wanted:
            return part.conclude(False, f"only {counted} of {seed - 1} comparisons could see 5 %: this machine is too noisy")
        result = part.run("slowdown.yaml", seed, "--profile", "quick")
        if result is None:
            continue
        comparison = next(c for c in gating(result) if c["metric"] == "throughput")
        better += comparison["verdict"] == "better"
        if not comparison.get("mde_pct", 100) < 5:
            blind += 1
            continue
        counted += 1
        found += comparison["verdict"] == "worse"
        ratios.append(comparison["ratio"])
        part.progress(f"{counted} of {wanted}, {found} found")
    needed = fewest_needed(wanted, POWER)
    ratios.sort()
    return part.conclude(
        found >= needed and better == 0,
        f"{found} of {wanted} found, at least {needed} needed; {better} called faster, none allowed; "
        f"median ratio {ratios[len(ratios) // 2]:.4f}; {blind} could not see 5 % and do not count")


def check_capacity(name, options, scenario, knee):
    """In 19 of 20 searches that end as narrow as they should the true knee lies in the reported interval."""
    part = Part(name, options)
    wanted = options.count or 20
    held, counted, wide_held, wide, seed = 0, 0, 0, 0, 0
    while counted < wanted:
        seed += 1
        if seed > 2 * wanted:
            return part.conclude(
                False, f"only {counted} of {seed - 1} searches knew the capacity closely enough: this machine is too noisy")
        # Seeds of trials count on from the run's.
        result = part.run(scenario, 100_000 * seed)
        found = result and result.get("capacity")
        if not found:
            print(f"  seed {100_000 * seed}: no capacity")
            continue
        low, high = found["low"], found.get("high", math.inf)
        holds = low <= knee <= high
        width = (high - low) / knee
        # A search that used up its trials says itself that it does not know enough. One that does not say so has to be narrow.
        if found.get("exhausted"):
            wide += 1
            wide_held += holds
        else:
            counted += 1
            held += holds and width <= 2 * found["precision"]
        print(
            f"  seed {100_000 * seed}: [{low:.1f}, {high:.1f}] /s, {100 * width:.1f} % wide, "
            f"{sum(len(step['trials']) for step in found['steps'])} trials, {result['duration_ns'] / 1e9:.1f} s"
            f"{', not closely enough' if found.get('exhausted') else ''}"
            f"{'' if found.get('confirmed') else ', not confirmed'}{'' if holds else ', MISSED'}", flush=True)
    needed = math.ceil(wanted * 19 / 20)
    return part.conclude(
        held >= needed,
        f"the knee of {knee:.1f} /s lay in {held} of {wanted} intervals, at least {needed} needed, none of them wider than twice the "
        f"precision; {wide} more said that they did not know it closely enough, and held it {wide_held} times")


def check_capacity_virtual(options):
    """Simulated M/M/1: p99 of the sojourn time is ln(100) / (mu - lambda)."""
    return check_capacity(
        "capacity-virtual", options, "../../Scenarios/capacity.yaml", 10_000 - math.log(100) / 0.002)


def check_capacity_live(options):
    """A server that computes: p90 of the sojourn time is ln(10) / (mu - lambda), mu what it answers when it is never idle."""
    result = Part("capacity-live-rate", options).run("capacity-live-rate.yaml", 1)
    if result is None:
        return Part("capacity-live", options).conclude(False, "this machine does not deliver the load")
    rate = result["variants"][0]["summary"]["throughput"]
    values = ", ".join(f"{value:.1f}" for value in rate["values"])
    print(f"  the server answers {rate['median']:.1f} calls of 1 ms a second when it is never idle (trials: {values})", flush=True)
    return check_capacity("capacity-live", options, "capacity-live.yaml", rate["median"] - math.log(10) / 0.010)


PARTS = {
    "aa": check_aa,
    "aa-bytes": check_aa_bytes,
    "slowdown": check_slowdown,
    "capacity-virtual": check_capacity_virtual,
    "capacity-live": check_capacity_live,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=[*PARTS, "all"])
    parser.add_argument("--count", type=int, help="how many comparisons of each part")
    parser.add_argument("--ringside", default=str(FOLDER.parent.parent / ".build/release/ringside"))
    options = parser.parse_args()
    if options.count is not None and options.count < 1:
        parser.error("--count is 1 or more")
    chosen = PARTS.values() if options.part == "all" else [PARTS[options.part]]
    sys.exit(0 if all([check(options) for check in chosen]) else 1)


if __name__ == "__main__":
    main()
