/// How often a run measured, and how often for another reason than its plan.
public struct TrialCounts: Sendable, Equatable {
  /// How many variants there are.
  public var variantCount: Int
  /// The most planned trials of any variant.
  public var plannedCount: Int
  /// Of all variants: first trials of a shared process, which are run again and do not count.
  public var rehearsalCount: Int
  /// Of all variants: what was run again because something disturbed it.
  public var repeatCount: Int
  /// Of all variants: what was measured once more before a regression is called one.
  public var confirmationCount: Int

  /// Counts the trials of `variants`.
  public init(of variants: [VariantResult]) {
    let kinds = variants.map { $0.trials.map(Kind.init) }
    func sum(_ kind: Kind) -> Int { kinds.reduce(0) { $0 + $1.count { $0 == kind } } }
    variantCount = variants.count
    plannedCount = kinds.map { $0.count { $0 == .planned } }.max() ?? 0
    rehearsalCount = sum(.rehearsal)
    repeatCount = sum(.repetition)
    confirmationCount = sum(.confirmation)
  }

  /// What a trial is there for.
  private enum Kind {
    case planned, rehearsal, repetition, confirmation

    init(_ trial: TrialResult) {
      self =
        trial.isRehearsal
        ? .rehearsal : trial.batch != nil ? .confirmation : trial.repeats != nil ? .repetition : .planned
    }
  }

  /// `2 variants × 3 trials`, and behind it what else was run: `(and 1 rehearsal, 2 repeats)`.
  public var text: String {
    let others = [
      (rehearsalCount, "rehearsal"), (repeatCount, "repeat"), (confirmationCount, "confirming trial"),
    ].filter { $0.0 > 0 }.map(Self.plural)
    return "\(Self.plural(variantCount, "variant")) × \(Self.plural(plannedCount, "trial"))"
      + (others.isEmpty ? "" : " (and \(others.joined(separator: ", ")))")
  }

  private static func plural(_ count: Int, _ noun: String) -> String {
    "\(QuantityText.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
