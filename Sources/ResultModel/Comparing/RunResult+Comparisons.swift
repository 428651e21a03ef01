import Statistics

extension RunResult {
  /// Adds a verdict for each comparison that decides: worse by more than is allowed fails the run, and too noisy to tell leaves it
  /// inconclusive.
  /// - Parameters:
  ///   - isStrict: Whether the latter has an exit code of its own.
  ///   - reportsImprovement: Whether a run has one in which all that changed got better.
  public mutating func judge(comparisons: [ComparisonResult], isStrict: Bool, reportsImprovement: Bool = false) {
    verdicts += comparisons.filter { $0.decides == true }.map {
      $0.judgement(isStrict: isStrict, rules: comparisonRules)
    }
    let conclusion = ComparisonConclusion(of: comparisons)
    switch conclusion {
    case .regression: fail(with: .regression)
    case .undecided:
      if isStrict { addExitCode(.inconclusive) }
      if status == .passed { status = .inconclusive }
    case .improvement:
      if reportsImprovement { addExitCode(.improvement) }
    case .nothing: break
    }
  }

  private mutating func addExitCode(_ code: ExitCode) {
    exitCodes = ExitCode.ordered(exitCodes + [code])
    exitCode = ExitCode.mostImportant(of: exitCodes)
  }
}

/// What all comparisons that decide come to together.
public enum ComparisonConclusion: Sendable, Equatable {
  /// One is worse by more than is allowed.
  case regression
  /// None is, and one cannot tell.
  case undecided
  /// All that changed got better.
  case improvement
  /// Nothing changed, or not beyond what is allowed.
  case nothing

  /// Worse counts more than unknown, and unknown more than better.
  public init(of comparisons: [ComparisonResult]) {
    let deciding = comparisons.filter { $0.decides == true }
    if deciding.contains(where: { $0.isRegression == true }) {
      self = .regression
    } else if deciding.contains(where: \.isUndecided) {
      self = .undecided
    } else if deciding.contains(where: { $0.verdict == .better }), deciding.allSatisfy({ $0.verdict != .worse }) {
      self = .improvement
    } else {
      self = .nothing
    }
  }
}

extension ComparisonResult {
  /// Whether it cannot tell: too noisy, or worse once and not again.
  public var isUndecided: Bool { verdict == .inconclusive || isConfirmed == false }

  /// Whether it is of the figure of which one byte more counts.
  public var isOfAllocatedBytes: Bool { ComparisonRules.metric(of: metric) == ComparisonRules.exactMetric }

  fileprivate func judgement(isStrict: Bool, rules: ComparisonRules?) -> Verdict {
    Verdict(
      kind: .comparison, id: "\(metric) of \(candidate) against \(baseline)", ok: isRegression != true && !isUndecided,
      severity: isUndecided && !isStrict ? .warn : .error, observed: ratio, limit: rules.flatMap(largestRatio),
      ci95: ratioCI95,
      detail: test == Self.nothingCompared
        ? "inconclusive: a trial lacks this figure, or has too few messages for it; run longer, or let another decide"
        : "\(verdict.rawValue): \(sentence(rules))")
  }

  /// Where a regression begins, as a ratio; nil for bytes, of which one more counts whatever the ratio.
  private func largestRatio(_ rules: ComparisonRules) -> Double? {
    guard !isOfAllocatedBytes else { return nil }
    switch VariantComparison.Direction(ofMetric: ComparisonRules.metric(of: metric)) {
    case .lowerIsBetter: return 1 + rules.maxRegression
    case .higherIsBetter: return 1 - rules.maxRegression
    }
  }

  private func sentence(_ rules: ComparisonRules?) -> String {
    let ratio =
      self.ratio < .greatestFiniteMagnitude
      ? "\(QuantityText.significant(self.ratio)) times the baseline" : "from nothing"
    let again =
      switch isConfirmed {
      case true?: ", which a second batch confirmed"
      case false?: ", which a second batch did not confirm"
      case nil: ""
      }
    // A figure without noise shows any change.
    let seen = minimalDetectableEffectPercent.flatMap { $0 > 0 ? $0 : nil }.map {
      ", and the smallest change this run could have seen is \(QuantityText.significant($0)) %"
    }
    let isBlind = verdict == .inconclusive && minimalDetectableEffectPercent == nil && test != "exact"
    let allowed = rules.flatMap { rules in
      largestRatio(rules).map { _ in ", where \(rules.allowedText) is allowed at alpha \(rules.alpha)" }
    }
    return ratio + (allowed ?? "") + again
      + (seen ?? (isBlind ? ", and its trials are too few to show any change" : ""))
      + (reason.map { "; \($0)" } ?? "")
  }
}
