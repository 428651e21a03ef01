/// The three parts of a comparison such as `latency.p99 < 1ms`.
struct ObjectiveText: Equatable {
  let metric: String
  let comparison: String
  let limit: String

  /// Nil when there is no comparison, or nothing on one of its sides.
  init?(_ text: String) {
    for comparison in ["<=", ">=", "==", "<", ">"] {
      let parts = text.split(separator: comparison, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      metric = parts[0].split(separator: " ").joined(separator: " ")
      limit = parts[1].split(separator: " ").joined(separator: " ")
      self.comparison = comparison
      guard !metric.isEmpty, !limit.isEmpty else { return nil }
      return
    }
    return nil
  }
}
