import Statistics

/// Compares variants with a baseline: of the same run, or of an earlier one.
public struct ResultComparison: Sendable {
  /// What it goes by.
  public var rules: ComparisonRules

  /// A comparison by `rules`.
  public init(rules: ComparisonRules) { self.rules = rules }

  /// Every variant of a run with the one marked as its baseline; empty without one.
  /// - Parameter isPaired: Whether the trials were run in pairs, those of equal index beside each other.
  public func within(_ variants: [VariantResult], isPaired: Bool = false) -> [ComparisonResult] {
    guard let baseline = variants.first(where: \.baseline) else { return [] }
    return compare(
      variants.filter { !$0.baseline }.map { candidate in
        Pair(
          baseline: baseline, candidate: candidate, names: (baseline.slug, candidate.slug),
          isPaired: isPaired && Self.indices(of: baseline) == Self.indices(of: candidate))
      })
  }

  /// The variants of a run with those of an earlier one that have the same id.
  /// - Parameter names: What the two runs are called, e.g. their directories.
  public func between(
    _ baseline: RunResult, _ candidate: RunResult, names: (baseline: String, candidate: String)
  ) -> [ComparisonResult] {
    compare(
      candidate.variants.compactMap { variant in
        baseline.variants.first { $0.id == variant.id }.map { earlier in
          let suffix = candidate.variants.count > 1 ? ":\(variant.slug)" : ""
          return Pair(
            baseline: earlier, candidate: variant, names: (names.baseline + suffix, names.candidate + suffix),
            isPaired: false)
        }
      })
  }

  private struct Pair {
    var baseline: VariantResult
    var candidate: VariantResult
    var names: (baseline: String, candidate: String)
    var isPaired: Bool
  }

  private static func indices(of variant: VariantResult) -> [Int] { variant.countedTrials.map(\.index) }

  /// What decides is corrected by Holm, so that one false alarm among all is as rare as alpha says; the rest, which is only looked at,
  /// by Benjamini and Hochberg.
  private func compare(_ pairs: [Pair]) -> [ComparisonResult] {
    let candidates = pairs.flatMap(candidates)
    let deciding = candidates.indices.filter { candidates[$0].decides }
    let others = candidates.indices.filter { !candidates[$0].decides }
    var adjusted = [Double](repeating: 1, count: candidates.count)
    for (group, correct) in [(deciding, MultipleTesting.holm), (others, MultipleTesting.benjaminiHochberg)] {
      let tested = group.filter { candidates[$0].comparison.test != .exact }
      for (index, p) in zip(tested, correct(tested.map { candidates[$0].comparison.p })) { adjusted[index] = p }
      for index in group where candidates[index].comparison.test == .exact {
        adjusted[index] = candidates[index].comparison.p
      }
    }
    return zip(candidates, adjusted).map { $0.result(adjustedP: $1, rules: rules) }
  }

  private func candidates(of pair: Pair) -> [ComparisonResult.Candidate] {
    let shared = pair.candidate.summary.keys.filter { pair.baseline.summary[$0] != nil }.sorted()
    let deciding = rules.decidingMetric(among: shared)
    return shared.compactMap { name in
      guard let baseline = pair.baseline.summary[name], let candidate = pair.candidate.summary[name] else { return nil }
      return ComparisonResult.Candidate(
        name, baseline: baseline, candidate: candidate, names: pair.names, isPaired: pair.isPaired, rules: rules,
        decidingMetric: deciding)
    }
  }
}
