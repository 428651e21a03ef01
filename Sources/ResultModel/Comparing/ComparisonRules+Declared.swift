extension ComparisonRules {
  /// The rules of a comparison of two runs, and what a reader must know about where they come from.
  public struct Chosen: Sendable, Equatable {
    /// What decides.
    public var rules: ComparisonRules
    /// Sentences; empty where both runs were measured under these rules, or under none and none were asked for.
    public var notes: [String]
  }

  /// Those that the runs' scenarios declared before anything was measured: the candidate's where the two differ, as when it is run with
  /// `compare.against`. What the user asks for now overrides them, key by key.
  public static func chosen(
    baseline: ComparisonRules?, candidate: ComparisonRules?, metric: String? = nil, maxRegression: Double? = nil,
    alpha: Double? = nil
  ) -> Chosen {
    let declared = (candidate ?? baseline)?.withoutConfirmation
    var chosen = Chosen(rules: declared ?? ComparisonRules(), notes: [])
    if let baseline, let candidate, baseline.withoutConfirmation != candidate.withoutConfirmation {
      chosen.notes.append(
        "the scenarios declare different rules, that of the baseline \(baseline.text), that of the candidate "
          + "\(candidate.text): judged by the candidate's")
    } else if (baseline == nil) != (candidate == nil) {
      chosen.notes.append(
        "only the \(baseline == nil ? "candidate" : "baseline")'s scenario declares rules: judged by them")
    }
    if let metric { chosen.rules.metric = metric }
    if let maxRegression { chosen.rules.maxRegression = maxRegression }
    if let alpha { chosen.rules.alpha = alpha }
    if let declared, declared != chosen.rules {
      chosen.notes.append("judged by \(chosen.rules.text), where the scenario declares \(declared.text)")
    }
    return chosen
  }

  private var withoutConfirmation: ComparisonRules {
    ComparisonRules(metric: metric, maxRegression: maxRegression, alpha: alpha)
  }

  /// The rules in short: `latency.p99, at most 5 % worse, alpha 0.01`.
  private var text: String { "\(metricText), at most \(allowedText) worse, alpha \(alpha)" }

  private var metricText: String { metric ?? "latency.p99 (throughput where no load is open)" }

  /// How much worse is allowed: `5 %`, `2.50 %`.
  public var allowedText: String {
    let percent = maxRegression * 100
    // A share as it was written: 0.07 * 100 is not quite 7.
    let isWhole = abs(percent - percent.rounded()) < 1e-9 && percent < 1e6
    return (isWhole ? "\(Int(percent.rounded()))" : QuantityText.significant(percent)) + " %"
  }

  /// The rules in a sentence, for a reader of what they led to.
  public var sentence: String {
    let again =
      switch confirmationCount {
      case 1?: ", and a further batch of trials finds it again"
      case let count? where count > 1: ", and \(count) further batches of trials find it again"
      default: ""
      }
    return
      "\(metricText) decides, and beside it bytes allocated per message, of which one more counts: worse by more than "
      + "\(allowedText) is a regression when p, corrected for all comparisons that decide, lies below \(alpha)\(again)."
  }
}
