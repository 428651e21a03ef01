/// The figures that an objective may name, and what each of them is.
enum ObjectiveMetrics {
  /// Those that are one figure.
  private static let single: [(name: String, dimension: ObjectiveDimension)] = [
    ("throughput", .rate), ("offered", .rate), ("sent", .rate), ("bytes", .byteRate),
    ("allocated_bytes_per_message", .bytes), ("encoded_bytes_per_message", .bytes), ("cpu_per_message", .duration),
    ("drain", .duration), ("recovery_time", .duration),
  ]

  /// Those that are counts, by name.
  private static let counts = [
    "messages": [
      "scheduled", "sent", "accepted", "unroutable", "confirmed", "rejected", "returned", "received", "acknowledged",
      "redelivered", "expired", "dropped", "dead_lettered", "errors", "discarded", "failed", "retried", "revoked",
      "late",
    ],
    "verify": ["lost", "duplicated", "reordered", "corrupted", "verified"],
  ]

  /// All names, those that are followed by a statistic without it.
  static let names = MetricKnowledge.times + single.map(\.name) + counts.keys.sorted()

  /// The names that have a part behind the point, with those parts.
  static func parts(of name: String) -> [String]? {
    MetricKnowledge.times.contains(name) ? MetricKnowledge.statistics : counts[name]
  }

  /// What the metric `name` is.
  static func dimension(of name: String, at offset: Int) throws(ObjectiveError) -> ObjectiveDimension {
    let words = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let first = words[0]
    guard names.contains(first) else {
      throw ObjectiveError(
        .invalidValue, "there is no metric `\(first)`", at: offset,
        Spelling.suggestion(for: first, among: names) ?? "it is one of \(names.joined(separator: ", "))")
    }
    guard let parts = parts(of: first) else {
      guard words.count == 1 else {
        throw ObjectiveError(
          .invalidValue, "`\(first)` is one figure, without `\(words[1])`", at: offset + first.unicodeScalars.count,
          "write \(first)")
      }
      return single.first { $0.name == first }?.dimension ?? .plain
    }
    guard words.count == 2 else {
      throw ObjectiveError(
        .invalidValue, "`\(first)` is many figures", at: offset, "write \(first).\(counts[first]?[0] ?? "p99")")
    }
    guard parts.contains(words[1]) else {
      throw ObjectiveError(
        .invalidValue, "`\(first)` has no `\(words[1])`", at: offset + first.unicodeScalars.count + 1,
        Spelling.suggestion(for: words[1], among: parts) ?? "it has \(parts.joined(separator: ", "))")
    }
    return counts[first] == nil ? .duration : .plain
  }
}
