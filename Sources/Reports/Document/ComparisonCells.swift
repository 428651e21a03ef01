import ResultModel

/// One comparison in the words of every table that shows it.
struct ComparisonCells {
  /// The heads of the columns, and which of them are figures.
  static let header = ["candidate", "metric", "baseline", "now", "ratio [95 %]", "adjusted p", "could see", "verdict"]
  static let rightColumns: Set<Int> = [2, 3, 4, 5, 6]

  private let comparison: ComparisonResult

  init(_ comparison: ComparisonResult) { self.comparison = comparison }

  /// The figures between the metric and the verdict.
  var figures: [String] {
    [
      value(comparison.baselineMedian, comparison.baselineRange),
      value(comparison.candidateMedian, comparison.candidateRange), ratio, p, effect,
    ]
  }

  /// Which candidate, and which confirmation it was measured in.
  var candidate: String { comparison.candidate + (comparison.batch.map { " (confirmation \($0))" } ?? "") }

  /// What it came to, and what becomes of that.
  var verdict: String {
    let note =
      comparison.isRegression == true ? " (regression)" : comparison.isConfirmed == false ? " (not confirmed)" : ""
    return comparison.verdict.rawValue + note
  }

  private var isNothing: Bool { comparison.test == ComparisonResult.nothingCompared }
  private var isExact: Bool { comparison.test == "exact" }

  /// The median; of bytes, whose trials should agree, also from where to where they lie when they do not.
  private func value(_ value: Double?, _ range: Interval<Double>?) -> String {
    guard let value else { return "–" }
    let text = Words.value(value, ofMetric: comparison.metric)
    guard comparison.isOfAllocatedBytes, let range, range.high - range.low >= ComparisonRules.exactStep else {
      return text
    }
    return "\(text) (\(QuantityText.significant(range.low)) to \(QuantityText.significant(range.high)))"
  }

  private var ratio: String {
    if isNothing { return "–" }
    guard comparison.ratio < .greatestFiniteMagnitude else { return "from 0" }
    let ratio = Words.ratio(comparison.ratio)
    guard !isExact, let interval = comparison.ratioCI95 else { return ratio }
    return "\(ratio) [\(Words.ratio(interval.low)), \(Words.ratio(interval.high))]"
  }

  private var p: String {
    if isNothing { return "–" }
    if isExact { return "exact" }
    return comparison.pAdjusted < 0.0001 ? "<0.0001" : QuantityText.significant(comparison.pAdjusted)
  }

  private var effect: String {
    if isExact { return "\(QuantityText.significant(ComparisonRules.exactStep)) B" }
    return comparison.minimalDetectableEffectPercent.map { "\(QuantityText.significant($0)) %" } ?? "–"
  }
}
