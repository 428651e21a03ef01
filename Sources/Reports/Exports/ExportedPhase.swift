import ResultModel

/// One phase of one variant over the trials that count: what the foreign formats call a benchmark.
struct ExportedPhase {
  /// A figure that other tools draw and compare.
  struct Metric {
    /// As in scenarios: `throughput`, `latency.p99`.
    var name: String
    /// Of its values, e.g. `ns`.
    var unit: String
    var biggerIsBetter: Bool
    /// One for each trial, in order.
    var values: [Double]
  }

  var variant: VariantResult
  var name: String
  /// The phase in each trial; never empty.
  var parts: [PhaseResult]
  /// Those that every trial has, in a fixed order.
  var metrics: [Metric]

  /// Every phase but warm-ups, in the order of variants and phases.
  static func all(of result: RunResult) -> [ExportedPhase] {
    result.variants.flatMap { variant in
      var phases: [ExportedPhase] = []
      for part in variant.countedTrials.flatMap(\.phases) where part.sampleType == .normal {
        if let index = phases.firstIndex(where: { $0.name == part.name }) {
          phases[index].parts.append(part)
        } else {
          phases.append(ExportedPhase(variant: variant, name: part.name, parts: [part], metrics: []))
        }
      }
      for index in phases.indices { phases[index].metrics = metrics(of: phases[index].parts) }
      return phases
    }
  }

  /// A series is there by its percentiles; closed loops have `service_time` alone.
  private static func metrics(of parts: [PhaseResult]) -> [Metric] {
    let times = ["latency", "service_time"].flatMap { series in
      ["p50", "p99", "p99.9", "max"].map { ("\(series).\($0)", "ns", false) }
    }
    let all =
      [("throughput", "messages/s", true)] + times + [
        ("cpu_per_message", "ns", false), ("allocated_bytes_per_message", "bytes", false),
      ]
    return all.compactMap { name, unit, biggerIsBetter in
      let values = parts.compactMap { $0.value(ofMetric: name) }
      guard values.count == parts.count else { return nil }
      return Metric(name: name, unit: unit, biggerIsBetter: biggerIsBetter, values: values)
    }
  }

  /// The values of a metric; nil when a trial lacks it.
  func values(of name: String) -> [Double]? { metrics.first { $0.name == name }?.values }
}
