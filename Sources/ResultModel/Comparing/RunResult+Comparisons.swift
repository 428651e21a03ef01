extension RunResult {
  /// Adds a verdict for each comparison that decides: worse by more than is allowed fails the run, and too noisy to tell leaves it
  /// inconclusive.
  /// - Parameter isStrict: Whether the latter has an exit code of its own.
  public mutating func judge(comparisons: [ComparisonResult], isStrict: Bool) {
    let deciding = comparisons.filter { $0.decides == true }
    verdicts += deciding.map { $0.judgement(isStrict: isStrict) }
    if deciding.contains(where: { $0.isRegression == true }) {
      fail(with: .regression)
    } else if deciding.contains(where: { $0.verdict == .inconclusive }) {
      if isStrict { addExitCode(.inconclusive) }
      if status == .passed { status = .inconclusive }
    }
  }

  private mutating func addExitCode(_ code: ExitCode) {
    exitCodes = ExitCode.ordered(exitCodes + [code])
    exitCode = ExitCode.mostImportant(of: exitCodes)
  }
}

extension ComparisonResult {
  fileprivate func judgement(isStrict: Bool) -> Verdict {
    let isUnknown = verdict == .inconclusive
    return Verdict(
      kind: .comparison, id: "\(metric) of \(candidate) against \(baseline)", ok: isRegression != true && !isUnknown,
      severity: isUnknown && !isStrict ? .warn : .error, observed: ratio, ci95: ratioCI95,
      detail: "\(verdict.rawValue): \(sentence)")
  }

  private var sentence: String {
    let ratio =
      self.ratio < .greatestFiniteMagnitude
      ? "\(QuantityText.significant(self.ratio)) times the baseline" : "from nothing"
    let seen = minimalDetectableEffectPercent.map {
      ", and the smallest change this run could have seen is \(QuantityText.significant($0)) %"
    }
    return ratio + (seen ?? "")
  }
}
