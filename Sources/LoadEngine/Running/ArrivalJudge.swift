import Distributions
import ResultModel
import Statistics
import WorkloadLoops

/// Judges the generator's own schedule, after a phase: are the gaps between its intended times what was asked for?
enum ArrivalJudge {
  /// Gaps shorter than this, in nanoseconds, are mostly rounding to a whole nanosecond.
  private static let shortestGap = 20.0

  /// The finding for a phase; nil for loads without gaps to judge, and when there are too few or they are too short.
  ///
  /// A gap is measured in messages due between its two ends: 1 for even gaps, exponential with mean 1 for random ones,
  /// whatever the rate does. Even gaps have a distribution of one value; with rounding, D is the share of the gaps that do
  /// not have it, and any such gap is impossible.
  static func check(_ plan: PhasePlan, _ workers: [any LoadWorker]) -> ArrivalCheck? {
    let producers = workers.filter { $0.role == .producer }
    guard let due = dueCount(plan), let process = process(plan), !producers.isEmpty else { return nil }
    guard highestRate(plan) / Double(producers.count) * shortestGap < 1e9 else { return nil }
    let count = Double(producers.count)
    // What a nanosecond more or less makes, at the highest rate.
    let tolerance = 2 * highestRate(plan) / 1e9 / count + 1e-6
    let gaps = producers.flatMap { $0.meters.arrivals.gaps }.map {
      (due(Double($0.to)) - due(Double($0.from))) / count
    }
    guard gaps.count >= 20 else { return nil }
    switch process {
    case .poisson:
      let test = KolmogorovSmirnov(gaps, exponentialMean: 1)
      return ArrivalCheck(process: process, statistic: test.statistic, p: test.p, count: test.count)
    case .constant:
      let strayCount = gaps.count { abs($0 - 1) > tolerance }
      return ArrivalCheck(
        process: process, statistic: Double(strayCount) / Double(gaps.count), p: strayCount == 0 ? 1 : 0,
        count: gaps.count)
    }
  }

  private static func process(_ plan: PhasePlan) -> ArrivalCheck.Process? {
    switch plan.load {
    case .constant, .varying(_, isPoisson: false): .constant
    case .poisson, .varying(_, isPoisson: true): .poisson
    case .burst, .trace, .inFlight, .saturate, .backlog, .schedule: nil
    }
  }

  /// Messages due until a time, by the load's own formula.
  private static func dueCount(_ plan: PhasePlan) -> ((Double) -> Double)? {
    switch plan.load {
    case .constant(let rate), .poisson(let rate): { $0 * rate / 1e9 }
    case .varying(let profile, _): { profile.count(at: $0) }
    case .burst, .trace, .inFlight, .saturate, .backlog, .schedule: nil
    }
  }

  private static func highestRate(_ plan: PhasePlan) -> Double {
    switch plan.load {
    case .constant(let rate), .poisson(let rate): rate
    case .varying(let profile, _): profile.highestPerSecond
    case .burst, .trace, .inFlight, .saturate, .backlog, .schedule: 0
    }
  }
}
