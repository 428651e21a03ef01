/// What happens when a reader of a `BroadcastRing` is slower than the producer.
public enum BroadcastMode: Sendable, Equatable, CaseIterable {
  /// The producer waits for it.
  case block
  /// It is overtaken, and told so.
  case lap

  /// As it stands in the ring's memory; never 0, so that forgotten memory is noticed.
  var setting: UInt64 { self == .block ? 1 : 2 }

  init?(setting: UInt64) {
    guard let mode = Self.allCases.first(where: { $0.setting == setting }) else { return nil }
    self = mode
  }
}
