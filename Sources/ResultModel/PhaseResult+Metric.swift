extension PhaseResult {
  /// The value of a metric, and whether enough was measured to speak of it.
  public enum Figure: Sendable, Equatable {
    /// Enough was measured.
    case known(Double)
    /// A percentile of too few values: what the sample says, and what the true one is at least, from the highest percentile below
    /// it that has enough.
    case uncertain(Double, atLeast: Double)

    /// The value as it was found.
    public var value: Double {
      switch self {
      case .known(let value), .uncertain(let value, _): value
      }
    }

    /// A value that the true one does not fall below, whatever was not seen.
    public var floor: Double {
      switch self {
      case .known(let value), .uncertain(_, let value): value
      }
    }

    /// Whether enough was measured.
    public var isKnown: Bool { if case .known = self { true } else { false } }
  }

  /// The value of a metric by the name that scenarios use: `throughput`, `latency.p99`, `service_time.mean`, `verify.lost`,
  /// `allocated_bytes_per_message`. Nil when the phase does not have it, or too few values to support the percentile.
  public func value(ofMetric name: String) -> Double? {
    guard case .known(let value) = figure(ofMetric: name), value.isFinite else { return nil }
    return value
  }

  /// The same with percentiles of too few values. The recovery from a fault that the phase did not recover from is infinite.
  public func figure(ofMetric name: String) -> Figure? {
    if let value = single(name) { return .known(value) }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "messages": return counts.byName.first { $0.name == parts[1] }.map { .known(Double($0.count)) }
    case "verify": return verification?.count(named: parts[1]).map { .known(Double($0)) }
    case "hiccup": return platform?.hiccup?.figure(named: parts[1])
    default: return self[series: parts[0]]?.figure(named: parts[1])
    }
  }

  private func single(_ name: String) -> Double? {
    switch name {
    case "offered": return rates.offeredPerSecond
    case "sent": return rates.sentPerSecond
    case "throughput": return rates.receivedPerSecond
    case "bytes": return rates.bytesPerSecond
    case "drain": return drainNanoseconds.map(Double.init)
    case "allocated_bytes_per_message": return resources?.allocatedBytesPerMessage
    case "encoded_bytes_per_message": return encodedBytesPerMessage
    case "cpu_per_message": return resources?.cpuNanosecondsPerMessage
    case "recovery_time": return (unrecoveredFaults ?? 0) > 0 ? .infinity : recoveryTimeNanoseconds.map(Double.init)
    default: return nil
    }
  }
}

extension LatencySummary {
  /// A statistic by its name: `min`, `mean`, `stddev`, `max`, `p99`, `p99.9`.
  func figure(named name: String) -> PhaseResult.Figure? {
    switch name {
    case "min": return .known(Double(min))
    case "mean": return .known(mean)
    case "stddev": return .known(standardDeviation)
    case "max": return .known(Double(max))
    default:
      guard name.hasPrefix("p") else { return nil }
      return figure(atPercentile: String(name.dropFirst()))
    }
  }

  private func figure(atPercentile name: String) -> PhaseResult.Figure? {
    guard let value = percentiles[name].map(Double.init) else { return nil }
    if supported.contains(name) { return .known(value) }
    guard let percent = Double(name) else { return nil }
    let lower = Self.reportedPercentiles.last { $0.percent < percent && supported.contains($0.name) }
    return .uncertain(value, atLeast: Double(lower.flatMap { percentiles[$0.name] } ?? min))
  }
}

extension VerificationCounts {
  fileprivate func count(named name: String) -> Int? {
    switch name {
    case "lost": lost
    case "duplicated": duplicated
    case "reordered": reordered
    case "corrupted": corrupted
    case "verified": verified
    default: nil
    }
  }
}
