import Histograms
import Platform
public import ResultModel

/// What `doctor` looks at: the machine, how late its timers fire, and how well it repeats itself.
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

  /// Measures this machine, about two seconds.
  /// - Throws: `PinnedThread.StartError` when the system refuses a thread.
  public static func measure() throws -> HostReport {
    let inspection = HostInspection.inspect()
    let start = MonotonicClock.now()
    let meter = try HiccupMeter(periodNanoseconds: 1_000_000)
    PrecisionSleep.sleep(nanoseconds: 1_000_000_000)
    meter.stop()
    let lateness = meter.snapshot()
    let repetition = NoiseProbe.measure()
    let pressure = HostPressure.read()
    let elapsed = Double(max(1, MonotonicClock.now() - start)) * Double(CPUTopology.coreCount)
    var noise = NoiseInformation()
    noise.aaCPUVariation = repetition.cpuVariation
    noise.aaMemoryVariation = repetition.memoryVariation
    noise.pressureCPUSomePercent = pressure.cpuSomePercent
    noise.stealPercent = 100 * Double(pressure.stolenNanoseconds - inspection.pressure.stolenNanoseconds) / elapsed
    noise.hiccupP99Nanoseconds = lateness.isEmpty ? nil : lateness.value(atPercentile: 99)
    noise.hiccupMaxNanoseconds = lateness.isEmpty ? nil : lateness.max
    var environment = inspection.environment
    environment.noise = noise
    return HostReport(
      environment: environment,
      timerLateness: TimerLateness(
        p50: lateness.value(atPercentile: 50), p99: lateness.value(atPercentile: 99), max: lateness.max))
  }
}
