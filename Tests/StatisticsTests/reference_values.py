#!/usr/bin/env python3
"""Writes ReferenceValues.swift: what SciPy and statsmodels say about samples that the Swift tests then repeat."""
import warnings

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.tsa.stattools import acf, kpss

warnings.simplefilter("ignore")
random = np.random.default_rng(20)


def numbers(values):
    return "[" + ", ".join(repr(float(value)) for value in values) + "]"


def rank_sums():
    rows = []
    for first, second, step in [(3, 4, 0), (8, 8, 0), (10, 10, 0), (12, 7, 0), (20, 20, 0), (10, 10, 0.5), (6, 9, 1.0), (15, 15, 0.25)]:
        a = random.normal(0, 1, first)
        b = random.normal(0.6, 1.2, second)
        if step:
            a, b = np.round(a / step) * step, np.round(b / step) * step
        normal = stats.mannwhitneyu(a, b, method="asymptotic")
        if step:
            # A tie makes SciPy's own exact method wrong; all splits of the ranks make it right.
            if first + second > 20:
                exact = None
            else:
                test = stats.permutation_test(
                    (a, b), lambda x, y: stats.mannwhitneyu(x, y, method="asymptotic").statistic,
                    vectorized=False, n_resamples=np.inf, permutation_type="independent") if first * second < 60 else None
                exact = None if test is None else test.pvalue
        else:
            exact = stats.mannwhitneyu(a, b, method="exact").pvalue
        rows.append(f"    .init(first: {numbers(a)}, second: {numbers(b)}, statistic: {float(normal.statistic)!r},\n"
                    f"      exact: {'nil' if exact is None else repr(float(exact))}, normal: {float(normal.pvalue)!r}),")
    return rows


def sign_flips():
    rows = []
    for count in [1, 2, 5, 6, 8, 10, 12]:
        values = random.normal(0.3, 1, count)
        if count == 8:
            values = np.round(values * 2) / 2
        test = stats.permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf, vectorized=False) if count > 1 else None
        p = 1.0 if test is None else test.pvalue
        rows.append(f"    .init(differences: {numbers(values)}, p: {float(p)!r}),")
    return rows


def corrections():
    rows = []
    for p in [[0.01], [0.04, 0.01, 0.03], list(random.uniform(0, 1, 9) ** 3), [0.5, 0.5, 0.01, 0.01, 1.0]]:
        rows.append(f"    .init(p: {numbers(p)}, holm: {numbers(multipletests(p, method='holm')[1])},\n"
                    f"      benjaminiHochberg: {numbers(stats.false_discovery_control(p))}),")
    return rows


def series():
    rows = []
    walk = np.cumsum(random.normal(0, 1, 40))
    for values in [random.normal(5, 1, 30), walk, np.sin(np.arange(24)), [1.0] * 10 + [2.0] * 10]:
        values = np.array(values)
        lags = int(4 * (len(values) / 100) ** 0.25)
        level = kpss(values, regression="c", nlags=lags)[0]
        correlations = acf(values, nlags=3, fft=False)[1:]
        rows.append(f"    .init(values: {numbers(values)}, autocorrelations: {numbers(correlations)}, level: {float(level)!r}),")
    return rows


def quantiles():
    rows = []
    for count in [1, 2, 5, 11]:
        values = np.sort(random.exponential(1, count))
        shares = [0, 0.025, 0.25, 0.5, 0.9, 1]
        rows.append(f"    .init(sorted: {numbers(values)}, shares: {numbers(shares)}, quantiles: {numbers(np.quantile(values, shares))}),")
    return rows


print(f"""// swift-format-ignore-file
// Written by reference_values.py with SciPy and statsmodels.

/// What the field's reference implementations say about some samples.
enum ReferenceValues {{
  struct RankSum {{ let first: [Double], second: [Double], statistic: Double, exact: Double?, normal: Double }}
  struct SignFlip {{ let differences: [Double], p: Double }}
  struct Correction {{ let p: [Double], holm: [Double], benjaminiHochberg: [Double] }}
  struct Series {{ let values: [Double], autocorrelations: [Double], level: Double }}
  struct Quantiles {{ let sorted: [Double], shares: [Double], quantiles: [Double] }}
""")
for name, kind, rows in [
    ("rankSums", "RankSum", rank_sums()), ("signFlips", "SignFlip", sign_flips()), ("corrections", "Correction", corrections()),
    ("series", "Series", series()), ("quantiles", "Quantiles", quantiles())]:
    print(f"  static let {name}: [{kind}] = [")
    print("\n".join(rows))
    print("  ]\n")
print("}")
