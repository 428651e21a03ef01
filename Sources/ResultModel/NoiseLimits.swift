/// How noisy a machine may be for a difference of a given size to mean something.
///
/// The limits are shares of the precision that is asked for. A fixed computation that alone varies by as much as what is
/// looked for hides it. Walks through memory vary several times more on any shared machine, and a workload misses its
/// caches far less often than they do. Steal and waiting are time that was taken from the run in pieces of milliseconds,
/// which the tail feels first.
public struct NoiseLimits: Sendable, Equatable {
  /// The smallest difference that the run is to show, as a share.
  public var precision: Double

  /// A difference as small as 5 % when nothing else is asked.
  public static let defaultPrecision = 0.05

  /// Limits for differences as small as `precision`, a share above 0.
  public init(precision: Double = Self.defaultPrecision) {
    precondition(precision > 0, "nothing is exact")
    self.precision = precision
  }

  /// The most that a fixed computation may vary, as a share.
  public var cpuVariation: Double { precision }
  /// The most that a walk through memory may vary, as a share.
  public var memoryVariation: Double { 4 * precision }
  /// The most time that the hypervisor may take, in percent.
  public var stealPercent: Double { 20 * precision }
  /// The most time in which some thread of others may wait for a core, in percent.
  public var pressurePercent: Double { 200 * precision }

  /// What exceeds its limit, each as a part of a sentence; empty when the machine was quiet enough.
  public func excesses(in noise: NoiseInformation) -> [String] {
    var excesses: [String] = []
    func note(_ value: Double?, over limit: Double, _ sentence: (String) -> String, unit: Double = 1) {
      guard let value, value > limit else { return }
      excesses.append(
        sentence("\(QuantityText.significant(value * unit)) % (limit \(QuantityText.significant(limit * unit)) %)"))
    }
    note(
      Self.larger(noise.aaCPUVariation, noise.aaCPUVariationAfter), over: cpuVariation,
      { "the same computation varied by \($0)" }, unit: 100)
    note(
      Self.larger(noise.aaMemoryVariation, noise.aaMemoryVariationAfter), over: memoryVariation,
      { "the same walk through memory varied by \($0)" }, unit: 100)
    note(noise.stealPercent, over: stealPercent, { "the hypervisor took \($0) of the time" })
    note(
      noise.pressureCPUSomePercent, over: pressurePercent,
      { "other programs waited for a core \($0) of the time before" })
    return excesses
  }

  private static func larger(_ first: Double?, _ second: Double?) -> Double? {
    guard let first, let second else { return first ?? second }
    return max(first, second)
  }
}
