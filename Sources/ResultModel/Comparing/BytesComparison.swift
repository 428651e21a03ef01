import Statistics

/// Allocated bytes per message of two variants: exact where the trials of each side agree among themselves, and a figure with noise, for a
/// test to decide, where they do not.
///
/// The subject allocates the same for each message, time after time. But a buffer that grows late in a phase (`allocatedBytesOnce` has those
/// that grow early) is in the figure too, shared out among the messages of a trial, and by how much it has grown is chance: between single
/// trials of one variant 20 B per message were seen.
struct BytesComparison {
  /// What was found, before it is known how many comparisons there are.
  let comparison: VariantComparison
  private let candidate: MetricSummary
  private let baseline: MetricSummary

  /// Compares two summaries; nil where a value is no number of bytes, or there is none.
  init?(candidate: MetricSummary, baseline: MetricSummary, direction: VariantComparison.Direction) {
    let sides = [candidate, baseline]
    // A foreign file may hold anything.
    guard sides.allSatisfy({ !$0.values.isEmpty && $0.values.allSatisfy((0...1e60).contains) }) else { return nil }
    (self.candidate, self.baseline) = (candidate, baseline)
    let isExact = sides.allSatisfy(Self.differs(candidate, baseline) ? Self.allAgree : Self.mostAgree)
    comparison =
      isExact
      ? VariantComparison(exact: candidate.median, baseline.median, direction: direction)
      : VariantComparison(candidate: candidate.values, baseline: baseline.values, direction: direction)
  }

  /// What the test says, but that a share of what happens once is no difference.
  func verdict(_ tested: VariantComparison.Verdict) -> VariantComparison.Verdict {
    tested != .inconclusive && !Self.differs(candidate, baseline) ? .same : tested
  }

  /// Why it may be inconclusive.
  var reason: String {
    let counts = [baseline, candidate].map(\.values.count)
    let once =
      "what is allocated once, such as by a buffer that grows in the second half of a phase, is in them: use a warm-up, "
      + "longer trials, or more"
    guard [baseline, candidate].contains(where: { Self.spread($0) >= ComparisonRules.exactStep }) else {
      return "\(counts[0]) and \(counts[1]) trials are too few for a difference that may have happened once; "
        + "\(ComparisonRules.exactCount) of each that agree are enough"
    }
    return "the trials of one variant do not agree, \(Self.text(baseline)) and \(Self.text(candidate)); " + once
  }

  private static func differs(_ one: MetricSummary, _ other: MetricSummary) -> Bool {
    abs(one.median - other.median) >= ComparisonRules.exactStep
  }

  /// Whether every trial has the same, and there are enough of them for that to be no chance.
  private static func allAgree(_ side: MetricSummary) -> Bool {
    side.values.count >= ComparisonRules.exactCount && spread(side) < ComparisonRules.exactStep
  }

  /// Whether the median stands for more than half of the trials.
  private static func mostAgree(_ side: MetricSummary) -> Bool {
    2 * side.values.count { abs($0 - side.median) < ComparisonRules.exactStep } > side.values.count
  }

  private static func spread(_ side: MetricSummary) -> Double { (side.values.max() ?? 0) - (side.values.min() ?? 0) }

  private static func text(_ side: MetricSummary) -> String {
    let ends = [side.values.min() ?? 0, side.values.max() ?? 0].map(QuantityText.significant)
    return ends[0] == ends[1] ? "\(ends[0]) B" : "\(ends[0]) to \(ends[1]) B"
  }
}
