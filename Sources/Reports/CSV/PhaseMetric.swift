import ResultModel

/// One figure of a phase: a row of `metrics.csv`.
struct PhaseMetric {
  var name: String
  var statistic: String
  var value: Double
  var unit: String

  /// Every figure of a phase, always in the same order. A percentile is there only when enough values support it.
  static func all(of phase: PhaseResult) -> [PhaseMetric] {
    var metrics: [PhaseMetric] = []
    func add(_ name: String, _ statistic: String, _ value: Double?, _ unit: String) {
      guard let value else { return }
      metrics.append(PhaseMetric(name: name, statistic: statistic, value: value, unit: unit))
    }
    add("duration", "total", Double(phase.durationNanoseconds), "ns")
    add("drain", "total", phase.drainNanoseconds.map(Double.init), "ns")
    add("offered", "mean", phase.rates.offeredPerSecond, "per_s")
    add("sent", "mean", phase.rates.sentPerSecond, "per_s")
    add("throughput", "mean", phase.rates.receivedPerSecond, "per_s")
    add("bytes", "mean", phase.rates.bytesPerSecond, "bytes_per_s")
    for (name, count) in phase.counts.byName { add("messages", name, Double(count), "messages") }
    if let found = phase.verification {
      add("verify", "verified", Double(found.verified), "messages")
      add("verify", "lost", Double(found.lost), "messages")
      add("verify", "duplicated", Double(found.duplicated), "messages")
      add("verify", "reordered", Double(found.reordered), "messages")
      add("verify", "corrupted", Double(found.corrupted), "messages")
      add("verification_cost", "mean", found.costNanosecondsPerMessage, "ns")
    }
    for (name, summary) in phase.series { metrics += times(name, summary) }
    add("encoded_bytes_per_message", "mean", phase.encodedBytesPerMessage, "bytes")
    add("arrivals", "ks_d", phase.arrivals?.statistic, "share")
    add("arrivals", "ks_p", phase.arrivals?.p, "share")
    add("backlog", "messages", phase.backlog.map { Double($0.messageCount) }, "messages")
    add("backlog", "build", phase.backlog.map { Double($0.buildNanoseconds) }, "ns")
    add("backlog", "drain", phase.backlog.map { Double($0.drainNanoseconds) }, "ns")
    add("recovery_time", "total", phase.recoveryTimeNanoseconds.map(Double.init), "ns")
    if let resources = phase.resources { metrics += figures(of: resources) }
    if let ring = phase.ring {
      add("batch", "mean", ring.batchMean, "messages")
      add("full_waits", "total", Double(ring.fullWaits), "times")
      add("empty_polls", "total", Double(ring.emptyPolls), "times")
      add("occupancy", "p50", ring.occupancyP50.map(Double.init), "messages")
      add("occupancy", "max", ring.occupancyMax.map(Double.init), "messages")
    }
    if let hiccup = phase.platform?.hiccup { metrics += times("hiccup", hiccup, counted: "times") }
    add("steal", "total", phase.platform?.stealNanoseconds.map(Double.init), "ns")
    return metrics
  }

  private static func times(
    _ name: String, _ summary: LatencySummary, counted unit: String = "messages"
  ) -> [PhaseMetric] {
    var metrics = [
      PhaseMetric(name: name, statistic: "count", value: Double(summary.count), unit: unit),
      PhaseMetric(name: name, statistic: "min", value: Double(summary.min), unit: "ns"),
      PhaseMetric(name: name, statistic: "mean", value: summary.mean, unit: "ns"),
      PhaseMetric(name: name, statistic: "stddev", value: summary.standardDeviation, unit: "ns"),
    ]
    for percentile in LatencySummary.reportedPercentiles where summary.supported.contains(percentile.name) {
      guard let value = summary.percentiles[percentile.name] else { continue }
      metrics.append(PhaseMetric(name: name, statistic: "p\(percentile.name)", value: Double(value), unit: "ns"))
    }
    metrics.append(PhaseMetric(name: name, statistic: "max", value: Double(summary.max), unit: "ns"))
    for (statistic, count) in [("saturated", summary.saturatedCount), ("negative", summary.negativeCount)] {
      guard let count else { continue }
      metrics.append(PhaseMetric(name: name, statistic: statistic, value: Double(count), unit: unit))
    }
    return metrics
  }

  private static func figures(of resources: ResourceUsageSummary) -> [PhaseMetric] {
    let all: [(String, String, Double?, String)] = [
      ("cpu", "user", Double(resources.cpuUserNanoseconds), "ns"),
      ("cpu", "system", Double(resources.cpuSystemNanoseconds), "ns"),
      ("cpu_per_message", "mean", resources.cpuNanosecondsPerMessage, "ns"),
      ("allocated_bytes_per_message", "mean", resources.allocatedBytesPerMessage, "bytes"),
      ("allocated_bytes", "total", resources.allocatedBytes.map(Double.init), "bytes"),
      ("allocated_bytes", "once", resources.allocatedBytesOnce.map(Double.init), "bytes"),
      ("allocations_per_message", "mean", resources.allocationsPerMessage, "times"),
      ("context_switches", "voluntary", Double(resources.contextSwitchesVoluntary), "times"),
      ("context_switches", "involuntary", Double(resources.contextSwitchesInvoluntary), "times"),
      ("minor_faults", "total", Double(resources.minorFaults), "times"),
      ("rss", "peak", Double(resources.residentPeakBytes), "bytes"),
    ]
    return all.compactMap { name, statistic, value, unit in
      value.map { PhaseMetric(name: name, statistic: statistic, value: $0, unit: unit) }
    }
  }
}
