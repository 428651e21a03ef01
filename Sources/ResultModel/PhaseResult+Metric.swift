extension PhaseResult {
  /// The value of a metric by the name that scenarios use: `throughput`, `latency.p99`, `service_time.mean`,
  /// `allocated_bytes_per_message`. Nil when the phase does not have it, or too few values to support the percentile.
  public func value(ofMetric name: String) -> Double? {
    switch name {
    case "offered": return rates.offeredPerSecond
    case "sent": return rates.sentPerSecond
    case "throughput": return rates.receivedPerSecond
    case "allocated_bytes_per_message": return resources?.allocatedBytesPerMessage
    case "encoded_bytes_per_message": return encodedBytesPerMessage
    case "cpu_per_message": return resources?.cpuNanosecondsPerMessage
    case "recovery_time": return recoveryTimeNanoseconds.map(Double.init)
    default: break
    }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let series = parts[0] == "hiccup" ? platform?.hiccup : self[series: parts[0]]
    guard let series else { return nil }
    switch parts[1] {
    case "min": return Double(series.min)
    case "mean": return series.mean
    case "stddev": return series.standardDeviation
    case "max": return Double(series.max)
    default:
      guard parts[1].hasPrefix("p") else { return nil }
      let percentile = String(parts[1].dropFirst())
      return series.supported.contains(percentile) ? series.percentiles[percentile].map(Double.init) : nil
    }
  }
}
