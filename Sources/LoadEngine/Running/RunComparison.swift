import ResultModel
import ScenarioModel

/// What the variants of a run are compared with, by which rules, and what it takes to call one worse.
///
/// A regression is an accusation until as many further batches of trials have found it again as the scenario asks for: by whatever figure,
/// allocated bytes included.
struct RunComparison {
  /// Nil when comparisons are only reported.
  let rules: Scenario.Comparison?
  let isPaired: Bool
  /// Whether trials can be run again; those of a search were at the rates that it chose.
  let isRepeatable: Bool
  /// The earlier run, if there is one that this one can be compared with.
  let earlier: (name: String, variants: [VariantResult])?

  /// How many confirmations a regression needs.
  var confirmationCount: Int { isRepeatable ? rules?.confirmationCount ?? 0 : 0 }

  /// What decides, as the result tells it; nil when nothing does.
  var declaredRules: ComparisonRules? {
    rules.map {
      ComparisonRules(
        metric: $0.metric, maxRegression: $0.maxRegression, alpha: $0.alpha,
        confirmationCount: isRepeatable ? $0.confirmationCount : nil)
    }
  }

  /// All comparisons of what was measured first, or of one batch as if it were all.
  func comparisons(of variants: [VariantResult]) -> [ComparisonResult] {
    let found = ResultComparison(rules: declaredRules ?? ComparisonRules()).within(
      variants, isPaired: isPaired, earlier: earlier)
    return self.rules == nil ? found.map(\.reportedOnly) : found
  }

  /// The variants that it takes to find the regressions again, by their place; empty when there is none to be found.
  func variantIndices(accusedIn comparisons: [ComparisonResult], of variants: [VariantResult]) -> [Int] {
    let names = Set(comparisons.filter { $0.isRegression == true }.flatMap { [$0.baseline, $0.candidate] })
    return variants.indices.filter { names.contains(variants[$0].slug) }
  }

  /// Marks each regression by whether this batch has found it, too, and keeps what it found beside it.
  func confirm(_ comparisons: inout [ComparisonResult], batch: Int, of variants: [VariantResult], at indices: [Int]) {
    let again = self.comparisons(of: indices.map { variants[$0].confirmation(batch, adding: rules?.metric) })
    for index in comparisons.indices where comparisons[index].isRegression == true {
      let accusation = comparisons[index]
      let found = again.first {
        ($0.metric, $0.baseline, $0.candidate) == (accusation.metric, accusation.baseline, accusation.candidate)
      }
      comparisons[index].isConfirmed = found?.isRegression == true
      comparisons[index].isRegression = found?.isRegression == true
      guard var found else { continue }
      (found.batch, found.decides, found.isRegression) = (batch, false, false)
      comparisons.append(found)
    }
  }
}
