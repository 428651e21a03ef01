import ResultModel

/// What did not hold, why trials are invalid, and the last line: verdict, exit code, where the results are.
struct VerdictLines {
  let result: RunResult
  let directory: String?
  let style: TerminalStyle

  var lines: [String] { broken + invalidTrials + [last] }

  private var failed: [Verdict] { result.verdicts.filter { !$0.ok } }

  private var broken: [String] {
    failed.map { verdict in
      var text = "✗ \(Words.title(verdict))"
      if let found = finding(of: verdict) { text += ": \(found)" }
      // The detail of a comparison has it in words.
      if verdict.kind != .comparison, let limit = verdict.limit {
        text += ", limit \(Words.value(limit, verdict.unit))"
      }
      if let source = verdict.source { text += " (\(source.file):\(source.line):\(source.column))" }
      return style.paint(style.fit(text), verdict.severity == .error ? .red : .yellow)
    }
  }

  /// What happened. The examples of a broken guarantee stand with their phase already.
  private func finding(of verdict: Verdict) -> String? {
    if verdict.kind == .slo {
      return [verdict.detail, Words.observed(verdict).map { "observed \($0)" }].compactMap { $0 }.joined(
        separator: ", ")
    }
    let observed = verdict.observed.map { "observed \(Words.value($0, verdict.unit))" }
    return verdict.kind == .verify ? observed ?? verdict.detail : verdict.detail ?? observed
  }

  /// Trials that do not count, with the reasons that no verdict has told. That a shared process has a rehearsal is as it should be; the
  /// table of trials lists it.
  private var invalidTrials: [String] {
    let told = Set(failed.compactMap(\.detail))
    return result.variants.flatMap { variant in
      variant.trials.filter { $0.status != .ok && !$0.isRehearsal }.compactMap { trial in
        let reasons = trial.reasons.filter { !told.contains($0) }
        if reasons.isEmpty, !trial.reasons.isEmpty { return nil }
        let place = result.variants.count > 1 ? "\(variant.slug) trial \(trial.index)" : "trial \(trial.index)"
        let why = reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; ")
        return style.paint(style.fit("✗ \(place) \(trial.status.rawValue)\(why)"), .red)
      }
    }
  }

  private var last: String {
    let color: TerminalStyle.Color =
      switch result.status {
      case .passed: .green
      case .failed, .invalid: .red
      case .inconclusive, .aborted: .yellow
      }
    let verdict = style.paint(result.status.rawValue.uppercased(), color)
    let why = result.phrases.isEmpty ? "" : ": " + result.phrases.joined(separator: ", ")
    let place = directory.map { " · results in \($0)" } ?? ""
    return verdict + style.fit(" (exit \(result.exitCode.rawValue))\(why)\(place)")
  }
}
