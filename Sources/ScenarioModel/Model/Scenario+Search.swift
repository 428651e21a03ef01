extension Scenario {
  /// The search of the highest rate that keeps a limit, in place of a load.
  public struct CapacitySearch: Sendable, Equatable {
    /// What of a time is limited.
    public enum Statistic: Sendable, Equatable {
      /// A percentile, above which this share of the messages may be.
      case percentile(name: String, allowedShare: Double)
      /// The mean.
      case mean
    }

    /// The figure that is limited: `latency.p99`, `service_time.mean`.
    public var metric: String
    /// The limit.
    public var limitNanoseconds: Int64
    /// The first rate, in messages per second.
    public var from: Double
    /// The highest rate that is tried.
    public var to: Double
    /// How wide the interval may be, as a share of the rate.
    public var precision: Double
    /// Trials of each step; at least 3.
    public var trialCount: Int
    /// Whether gaps are random (exponentially distributed) rather than even.
    public var isPoisson: Bool
    /// How long each trial of a step lasts.
    public var durationNanoseconds: Int64
    /// Where the limit is written.
    public var source: SourcePosition

    /// The times of the metric: `latency`.
    public var series: String { String(metric.prefix { $0 != "." }) }

    /// What of those times.
    public var statistic: Statistic {
      let name = metric.dropFirst(series.count + 1)
      guard name.first == "p", let percent = Double(name.dropFirst()) else { return .mean }
      return .percentile(name: String(name.dropFirst()), allowedShare: (100 - percent) / 100)
    }

    /// The lowest rate at which a trial says something: ten messages beyond a percentile, or ten in all.
    public var lowestRatePerSecond: Double {
      let share = if case .percentile(_, let share) = statistic { share } else { 1.0 }
      return 10 / share * 1e9 / Double(durationNanoseconds)
    }

    /// The load of a trial.
    func phaseKind(ratePerSecond rate: Double) -> Phase.Kind {
      isPoisson ? .poisson(ratePerSecond: rate) : .constant(ratePerSecond: rate)
    }
  }

  /// The rate of a trial of a search, or nil where the load is another.
  public var steadyRatePerSecond: Double? {
    switch load.phases.last?.kind {
    case .constant(let rate), .poisson(let rate): rate
    default: nil
    }
  }

  /// How many times longer the trials are that confirm what a search has found.
  public static let confirmationFactor: Int64 = 3

  /// The scenario of one trial of the search: the same with a load at this rate for so long, valid by itself.
  ///
  /// - Precondition: The scenario has a search.
  public func trial(ratePerSecond rate: Double, durationNanoseconds duration: Int64) -> Scenario {
    guard let search, var json = searchlessJSON else { preconditionFailure("`\(name)` searches nothing") }
    var scenario = self
    scenario.search = nil
    scenario.searchlessJSON = nil
    for index in scenario.load.phases.indices {
      scenario.load.phases[index].kind = search.phaseKind(ratePerSecond: rate)
      if !scenario.load.phases[index].isWarmup { scenario.load.phases[index].durationNanoseconds = duration }
    }
    let phase: [JSONValue.Step] = [.key("load"), .key("phases"), .index(0), .key("main")]
    json.set(.string(Quantity.rateText(rate)), at: phase + [.key(search.isPoisson ? "poisson" : "constant")])
    json.set(.string(Quantity.durationText(duration)), at: phase + [.key("for")])
    scenario.resolvedJSON = json.text
    return scenario
  }
}
