/// Which figures a scenario's phases can have at all.
struct MetricKnowledge {
  let workload: Scenario.Workload
  /// Those that are judged.
  let phases: [Scenario.Phase]
  let isSimulated: Bool
  /// Whether a fault ends, and something says when all is well again.
  var mayRecover = false
  /// The only phase that is looked at; nil for all of them.
  var phaseName: String?

  /// What follows the name of a time.
  static let statistics =
    ["min", "mean", "stddev", "max"] + ["50", "75", "90", "95", "99", "99.9", "99.99"].map { "p\($0)" }
  static let times = [
    "latency", "service_time", "send_delay", "confirm_time", "queue_time", "eta_error", "handler_time", "result_time",
    "encode_time", "decode_time", "hiccup",
  ]

  /// Why no phase has the metric, and what to write instead; nil when one may have it.
  func problem(with metric: String) -> (message: String, suggestion: String)? {
    if let place = metric.firstIndex(of: "@") {
      return ("`\(metric)` is of one phase, and this is about all of them", "write \(metric[..<place])")
    }
    let parts = metric.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    if Self.times.contains(name) {
      guard parts.count == 2 else {
        return ("`\(name)` is many times, and one figure decides", "write \(name).p99")
      }
      if !Self.statistics.contains(parts[1]) {
        return (
          "`\(name)` has no `\(parts[1])`", "it has \(Self.statistics.joined(separator: ", "))"
        )
      }
    } else if parts.count == 2 {
      return ("`\(name)` is one figure, without `\(parts[1])`", "write \(name)")
    }
    return absence(of: name)
  }

  /// The same for the first word of a metric that there is.
  func absence(of name: String) -> (message: String, suggestion: String)? {
    let place = phaseName.map { "phase `\($0)` does not have" } ?? "no phase of this scenario has"
    return reason(against: name).map { ("\(place) `\(name)`: \($0)", suggestion) }
  }

  /// A figure that there is always, or almost.
  private var suggestion: String {
    hasOpenLoop
      ? "use latency.p99 or throughput" : carriesTimes ? "use service_time.p99 or throughput" : "use throughput"
  }

  private var hasOpenLoop: Bool { phases.contains(where: \.isOpenLoop) }

  /// The items of a ring carry times in an open loop only; one that comes back is timed where it was sent.
  private var carriesTimes: Bool { workload.ring.map { $0.isRoundTrip || hasOpenLoop } ?? true }

  private func reason(against name: String) -> String? {
    switch name {
    case "latency", "send_delay", "offered":
      hasOpenLoop ? nil : phaseName == nil ? "none has intended sending times" : "it has no intended sending times"
    case "service_time": carriesTimes ? nil : "its items carry no times"
    case "confirm_time":
      workload.pattern.isOneWay && workload.producerGroups.contains { $0.confirmsOutstandingLimit > 0 }
        ? nil : "no producer asks for `confirms`"
    case "encode_time", "decode_time", "encoded_bytes_per_message":
      workload.producerGroups.contains { !$0.encoding.isPlain } ? nil : "no producer serialises or compresses"
    case "queue_time", "handler_time", "result_time":
      workload.pattern == .tasks ? nil : "it is measured with the pattern tasks"
    case "eta_error":
      workload.tasks.contains { $0.countdownNanoseconds > 0 } ? nil : "no task has a `countdown`"
    case "recovery_time": mayRecover ? nil : "it needs a fault with `for`, and an objective with `window`"
    case "hiccup", "allocated_bytes_per_message", "cpu_per_message": isSimulated ? "a simulation has none" : nil
    default: nil
    }
  }
}
