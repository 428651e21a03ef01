import Histograms
import Platform
public import ResultModel

/// What `doctor` looks at: the machine as a run sees it, with a second in which nothing runs in place of the run.
public struct HostReport: Sendable {
  /// The machine, its clock, its cores, and its noise.
  public var environment: EnvironmentInformation
  /// How late a 1 ms timer fired.
  public var timerLateness: TimerLateness

  /// How late a timer fired, in nanoseconds.
  public struct TimerLateness: Sendable, Equatable {
    /// The median.
    public var p50: Int64
    /// The 99th percentile.
    public var p99: Int64
    /// The worst.
    public var max: Int64
  }

  /// Measures this machine, about a second and a half.
  /// - Throws: `PinnedThread.StartError` when the system refuses a thread.
  public static func measure() throws -> HostReport {
    let watch = HostWatch(probesNoise: true)
    let meter = try HiccupMeter(periodNanoseconds: 1_000_000)
    PrecisionSleep.sleep(nanoseconds: 1_000_000_000)
    meter.stop()
    let lateness = meter.snapshot()
    return HostReport(
      environment: watch.finish(hiccup: lateness, hiccupMax: lateness.isEmpty ? nil : lateness.max),
      timerLateness: TimerLateness(
        p50: lateness.value(atPercentile: 50), p99: lateness.value(atPercentile: 99), max: lateness.max))
  }
}
