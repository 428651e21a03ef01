@testable import WorkloadLoops

extension SequenceLedger {
  /// A ledger with the shortest window there is, 1024 numbers, which many streams bring about.
  static func short(isShared: Bool) -> SequenceLedger {
    SequenceLedger(name: "short", streams: [0], streamCount: 65536, underWayLimit: 1, isShared: isShared)
  }
}
