import Platform
import WorkloadLoops

/// The memory that a run shares with the process at the far end of its ring, laid out alike by both:
/// ```
/// what is asked of the consumers | their meters | their ledgers | one ring, or two for a round trip
/// ```
/// Each piece begins on a line of its own. The consumers' loops count, record and verify as anywhere else; that what they
/// write to lies here is how the engine sees it.
@safe
final class PeerRegion {
  /// Who keeps the pieces.
  let memory: SharedMemory
  /// By consumer.
  let meters: [WorkerMeters]
  /// As `RingLedgers` names them.
  let ledgers: [SequenceLedger]
  private let layout: Layout

  /// Where the pieces begin.
  private struct Layout {
    let meters: [Int]
    let ledgers: [Int]
    let rings: [Int]
    let ringByteCount: Int
    let byteCount: Int

    init(_ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan, _ shape: RingLedgers, ringByteCount: Int) {
      var end = PeerRequest.byteCount(consumerCount: plan.consumers.count)
      func place(_ count: Int, ofBytes byteCount: Int) -> [Int] {
        (0..<count).map { _ in
          defer { end += AlignedMemory.roundedUp(byteCount) }
          return end
        }
      }
      meters = place(plan.consumers.count, ofBytes: WorkerMeters.byteCount(layout: plan.histogramLayout))
      ledgers = place(shape.names.count, ofBytes: shape.byteCount)
      rings = place(ring.isRoundTrip ? 2 : 1, ofBytes: ringByteCount)
      self.ringByteCount = ringByteCount
      byteCount = end
    }
  }

  /// New memory with a request in it and nothing counted; the rings are still to be made.
  /// - Throws: `SystemError` when memory or descriptors are exhausted.
  init(
    creatingFor plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan, ringByteCount: Int
  ) throws(SystemError) {
    let shape = RingLedgers(plan, ring)
    layout = Layout(plan, ring, shape, ringByteCount: ringByteCount)
    memory = try SharedMemory(byteCount: layout.byteCount, name: "ringside-ring")
    memory.prefault()
    (meters, ledgers) = Self.pieces(layout, memory, plan, shape)
    for meters in meters { meters.beginPhase() }
    PeerRequest(plan, ring).store(plan.consumers, in: memory)
  }

  /// The memory that the other process has made; nil when the request in it asks for more than there is.
  init?(
    attaching memory: SharedMemory, _ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan, ringByteCount: Int
  ) {
    let shape = RingLedgers(plan, ring)
    layout = Layout(plan, ring, shape, ringByteCount: ringByteCount)
    guard unsafe memory.bytes.count >= layout.byteCount else { return nil }
    self.memory = memory
    memory.prefault()
    (meters, ledgers) = Self.pieces(layout, memory, plan, shape)
  }

  /// How many rings there are.
  var ringCount: Int { layout.rings.count }

  /// The memory of one of the rings.
  func ring(_ index: Int) -> UnsafeMutableRawBufferPointer {
    let start = layout.rings[index]
    return unsafe UnsafeMutableRawBufferPointer(rebasing: memory.bytes[start..<start + layout.ringByteCount])
  }

  private static func pieces(
    _ layout: Layout, _ memory: SharedMemory, _ plan: WorkloadPlan, _ shape: RingLedgers
  ) -> ([WorkerMeters], [SequenceLedger]) {
    (
      layout.meters.map { WorkerMeters(layout: plan.histogramLayout, in: memory.from($0)) },
      layout.ledgers.enumerated().map { shape.make($0, in: memory.from($1)) }
    )
  }
}
