import Histograms
import Platform
import ResultModel

/// The machine around a run: inspected before it, looked at again after it; never in between.
struct HostWatch {
  private let host: HostInspection
  private let repetitionBefore: NoiseProbe.Reading?

  /// Looks at the machine: about 70 ms, and 100 ms more with `probesNoise`.
  init(probesNoise: Bool) {
    repetitionBefore = probesNoise ? NoiseProbe.measure() : nil
    host = HostInspection.inspect()
  }

  /// The machine as it was before.
  var before: EnvironmentInformation { host.environment }

  /// The machine with what was seen before, during and now; `hiccup` is how late timers were in between.
  ///
  /// Looks again at what may have changed: as long as before.
  func finish(hiccup: LatencyHistogram?, hiccupMax: Int64?) -> EnvironmentInformation {
    let now = HostPressure.read()
    // The readings take time themselves: without it some shares would exceed the whole.
    let elapsed = max(1, now.endNanoseconds - host.pressure.beginNanoseconds)
    var noise = NoiseInformation()
    noise.stealPercent =
      100 * Double(now.stolenNanoseconds - host.pressure.stolenNanoseconds)
      / (Double(elapsed) * Double(CPUTopology.coreCount))
    noise.pressureCPUSomePercent = host.pressure.cpuSomePercent
    noise.pressureCPURunPercent = Self.percent(host.pressure, now, \.cpuStalledNanoseconds, of: elapsed)
    noise.pressureMemoryRunPercent = Self.percent(host.pressure, now, \.memoryStalledNanoseconds, of: elapsed)
    noise.loadAverage = host.pressure.loadAverage
    noise.hiccupP99Nanoseconds = hiccup.flatMap { $0.isEmpty ? nil : $0.value(atPercentile: 99) }
    noise.hiccupMaxNanoseconds = hiccupMax
    var environment = host.environment
    if let repetitionBefore {
      let after = NoiseProbe.measure()
      (noise.aaCPUVariation, noise.aaCPUVariationAfter) = (repetitionBefore.cpuVariation, after.cpuVariation)
      (noise.aaMemoryVariation, noise.aaMemoryVariationAfter) = (
        repetitionBefore.memoryVariation, after.memoryVariation
      )
      environment.lineTransferAfter = LineTransferProbe.measure().map(LineTransfer.init)
    }
    environment.noise = noise
    return environment
  }

  private static func percent(
    _ before: HostPressure, _ after: HostPressure, _ path: KeyPath<HostPressure, Int64?>, of elapsed: Int64
  ) -> Double? {
    guard let first = before[keyPath: path], let last = after[keyPath: path] else { return nil }
    return 100 * Double(last - first) / Double(elapsed)
  }
}
