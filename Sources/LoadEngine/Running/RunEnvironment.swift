import Histograms
import Platform
import ResultModel

/// The machine of a run: inspected before it, looked at again after it.
struct RunEnvironment {
  private let watch: HostWatch

  /// Inspects the machine; with `probesNoise` it also sees how well it repeats itself, now and at the end.
  init(probesNoise: Bool) { watch = HostWatch(probesNoise: probesNoise) }

  /// The machine as it was before the run.
  var before: EnvironmentInformation { watch.before }

  /// What the result says about the machine after a run.
  ///
  /// - Parameter trials: All trials, whose phases know how late the timers were.
  func information(trials: [TrialResult]) -> EnvironmentInformation {
    watch.finish(
      hiccup: Self.hiccup(of: trials),
      hiccupMax: trials.flatMap(\.phases).compactMap { $0.platform?.hiccup?.max }.max())
  }

  /// Whether the machine was fit to show what was asked of the run; nil when its noise was not measured.
  static func verdict(on noise: NoiseInformation?, limits: NoiseLimits) -> Verdict? {
    guard let noise, noise.aaCPUVariation != nil else { return nil }
    let excesses = limits.excesses(in: noise)
    let asked = "\(QuantityText.significant(limits.precision * 100)) %"
    return Verdict(
      kind: .environment, id: "quiet enough for differences of \(asked)", ok: excesses.isEmpty, severity: .warn,
      detail: excesses.isEmpty
        ? nil : "\(excesses.joined(separator: ", ")); repeat the run, or compare medians of many trials")
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
