import Histograms
import Platform
import ResultModel

/// What the machine did while a phase ran: its hiccups and the time that was stolen. Nothing in a simulation.
struct PlatformWatch {
  private let hiccup: HiccupMeter?
  private let hiccupBefore: LatencyHistogram?
  private let stolenBefore: Int64

  /// Watches from now on.
  init(_ hiccup: HiccupMeter?) {
    self.hiccup = hiccup
    hiccupBefore = hiccup?.snapshot()
    stolenBefore = HostPressure.read().stolenNanoseconds
  }

  /// What happened since; nil when nothing was watched.
  func summary() -> PlatformSummary? {
    guard let hiccup, let hiccupBefore else { return nil }
    return PlatformSummary(
      hiccup: LatencySummary(histogram: hiccup.snapshot().subtracting(hiccupBefore), keepingHistogram: true),
      stealNanoseconds: HostPressure.read().stolenNanoseconds - stolenBefore)
  }
}
