import Statistics

/// Compares variants with a baseline: of the same run, or of an earlier one.
public struct ResultComparison: Sendable {
  /// What it goes by.
  public var rules: ComparisonRules

  /// A comparison by `rules`.
  public init(rules: ComparisonRules) { self.rules = rules }

  /// Every variant of a run with the one marked as its baseline, if there is one, and with the variant of an earlier run that has the
  /// same id: one family of comparisons, which p is corrected for.
  /// - Parameters:
  ///   - isPaired: Whether the trials were run in pairs, those of equal index beside each other.
  ///   - earlier: What the earlier run is called, and what it measured.
  public func within(
    _ variants: [VariantResult], isPaired: Bool = false, earlier: (name: String, variants: [VariantResult])? = nil
  ) -> [ComparisonResult] {
    var sides: [Sides] = []
    if let baseline = variants.first(where: \.baseline) {
      sides += variants.filter { !$0.baseline }.map { candidate in
        Sides(
          baseline: baseline, candidate: candidate, names: (baseline.slug, candidate.slug),
          pairs: isPaired ? TrialPair.all(baseline, candidate) : [])
      }
    }
    for candidate in variants {
      guard let earlier, let baseline = earlier.variants.first(where: { $0.id == candidate.id }) else { continue }
      sides.append(
        Sides(baseline: baseline, candidate: candidate, names: (earlier.name, candidate.slug), pairs: []))
    }
    return compare(sides)
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
          return Sides(
            baseline: earlier, candidate: variant, names: (names.baseline + suffix, names.candidate + suffix), pairs: []
          )
        }
      })
  }

  /// Two variants that are compared.
  private struct Sides {
    var baseline: VariantResult
    var candidate: VariantResult
    var names: (baseline: String, candidate: String)
    var pairs: [TrialPair]
  }

  /// What decides is corrected by Holm, so that one false alarm among all is as rare as alpha says; the rest, which is only looked at,
  /// by Benjamini and Hochberg.
  private func compare(_ sides: [Sides]) -> [ComparisonResult] {
    let found = sides.map(candidates)
    let candidates = found.flatMap(\.self)
    let deciding = candidates.indices.filter { candidates[$0].decides }
    let others = candidates.indices.filter { !candidates[$0].decides }
    var adjusted = [Double](repeating: 1, count: candidates.count)
    var familyCounts = [Int](repeating: 1, count: candidates.count)
    for (group, correct) in [(deciding, MultipleTesting.holm), (others, MultipleTesting.benjaminiHochberg)] {
      let tested = group.filter { candidates[$0].comparison.test != .exact }
      for (index, p) in zip(tested, correct(tested.map { candidates[$0].comparison.p })) {
        adjusted[index] = p
        familyCounts[index] = tested.count
      }
      for index in group where candidates[index].comparison.test == .exact {
        adjusted[index] = candidates[index].comparison.p
      }
    }
    return candidates.indices.map {
      candidates[$0].result(adjustedP: adjusted[$0], familyCount: familyCounts[$0], rules: rules)
    } + zip(found, sides).flatMap { missing(among: $0, of: $1) }
  }

  private func candidates(of sides: Sides) -> [ComparisonResult.Candidate] {
    let deciding = rules.decidingMetric(among: Self.names(of: sides))
    return sides.candidate.summary.keys.sorted().compactMap { name in
      guard let baseline = sides.baseline.summary[name], let candidate = sides.candidate.summary[name] else {
        return nil
      }
      return ComparisonResult.Candidate(
        name, baseline: baseline, candidate: candidate, names: sides.names, pairs: sides.pairs, rules: rules,
        decidingMetric: deciding)
    }
  }

  /// The figures that should decide and that some trial lacks: without them only allocated bytes would be left to decide, which say
  /// nothing about speed, or nothing would look at those, where one side was measured without an allocator that counts.
  private func missing(among candidates: [ComparisonResult.Candidate], of sides: Sides) -> [ComparisonResult] {
    let there = Set(candidates.map(\.metric))
    let names = Self.names(of: sides)
    let bytes = names.filter { ComparisonRules.metric(of: $0) == ComparisonRules.exactMetric }
    return rules.expectedNames(among: names).union(bytes).subtracting(there).sorted().map { name in
      let (baseline, candidate) = (sides.baseline.summary[name], sides.candidate.summary[name])
      var result = ComparisonResult(
        metric: name, baseline: sides.names.baseline, candidate: sides.names.candidate, ratio: 1, ratioCI95: nil, p: 1,
        pAdjusted: 1, test: ComparisonResult.nothingCompared, baselineCount: baseline?.n ?? 0,
        candidateCount: candidate?.n ?? 0, baselineMedian: baseline?.median, candidateMedian: candidate?.median,
        verdict: .inconclusive)
      result.decides = true
      result.isRegression = false
      return result
    }
  }

  private static func names(of sides: Sides) -> Set<String> {
    Set(sides.baseline.summary.keys).union(sides.candidate.summary.keys)
  }
}

extension ComparisonResult {
  /// What stands for a test where a trial lacks the figure, or a value has no ratio.
  public static let nothingCompared = "none"
}
