import Histograms
import Platform
import ResultModel

/// The machine of a run: inspected before it, looked at again after it.
struct RunEnvironment {
  private let host = HostInspection.inspect()

  /// What the result says about the machine after a run that took so long.
  ///
  /// - Parameter trials: All trials, whose phases know how late the timers were.
  func information(after duration: Int64, trials: [TrialResult]) -> EnvironmentInformation {
    var environment = host.environment
    var noise = NoiseInformation()
    let hiccup = Self.hiccup(of: trials)
    noise.hiccupP99Nanoseconds = hiccup.map { $0.value(atPercentile: 99) }
    noise.hiccupMaxNanoseconds = trials.flatMap(\.phases).compactMap { $0.platform?.hiccup?.max }.max()
    noise.pressureCPUSomePercent = host.pressure.cpuSomePercent
    let stolen = HostPressure.read().stolenNanoseconds - host.pressure.stolenNanoseconds
    noise.stealPercent = 100 * Double(stolen) / Double(max(1, duration) * Int64(CPUTopology.coreCount))
    environment.noise = noise
    return environment
  }

  /// How late the timers were during all phases.
  private static func hiccup(of trials: [TrialResult]) -> LatencyHistogram? {
    var merged: LatencyHistogram?
    for summary in trials.flatMap(\.phases).compactMap({ $0.platform?.hiccup }) {
      guard let histogram = try? summary.histogram() else { continue }
      if merged == nil { merged = LatencyHistogram(layout: histogram.layout) }
      if merged?.layout == histogram.layout { merged?.merge(histogram) }
    }
    return merged
  }
}
