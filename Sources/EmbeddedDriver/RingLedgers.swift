import Platform
import WorkloadLoops

/// Which ledgers the consumers of a ring fill: one for all of them, or one for each reader of a broadcast.
struct RingLedgers {
  /// What each is called in reports.
  let names: [String]
  private let streamCount: Int
  private let underWayLimit: Int
  private let isShared: Bool

  init(_ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan) {
    let isBroadcast = if case .broadcast = ring.kind { true } else { false }
    names = isBroadcast ? plan.consumers.map { "the ring for \($0.name)" } : ["the ring"]
    streamCount = plan.producers.count
    underWayLimit = ring.capacity + 8192
    isShared = !isBroadcast && plan.consumers.count > 1
  }

  /// How much memory each takes.
  var byteCount: Int { SequenceLedger.byteCount(streamCount: streamCount, underWayLimit: underWayLimit) }

  /// All of them, in memory of their own.
  func make() -> [SequenceLedger] { names.indices.map { make($0, in: nil) } }

  /// One of them, in `byteCount` bytes of memory.
  func make(_ index: Int, in memory: BorrowedMemory?) -> SequenceLedger {
    SequenceLedger(
      name: names[index], streams: Array(0..<streamCount), streamCount: streamCount, underWayLimit: underWayLimit,
      isShared: isShared, in: memory)
  }
}
