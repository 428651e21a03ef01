import DriverInterface
import Histograms
import Platform
import WorkloadLoops

/// What the process at the far end of a ring is asked for: plain bytes at the beginning of the memory that both map, for both
/// run the same executable.
struct PeerRequest: BitwiseCopyable {
  /// One of the consumers.
  struct Consumer: BitwiseCopyable {
    /// As much of the name as a thread can have, filled up with zeros.
    var name: InlineArray<15, UInt8>
    var wait: WorkloadPlan.Wait
    var batchCount: Int
  }

  private static let expectedMagic: UInt64 = 0x7265_6570_676E_6972  // "ringpeer" in memory order, little end first.

  private var magic = Self.expectedMagic
  private var ring: WorkloadPlan.RingPlan
  private var producerCount: Int
  private var consumerCount: Int
  private var producersMayPark: Bool
  private var checksOrder: Bool
  private var histogramLayout: HistogramLayout
  private var time: CycleCounter

  /// How much memory a request with so many consumers takes.
  static func byteCount(consumerCount: Int) -> Int { AlignedMemory.roundedUp(consumerOffset(consumerCount)) }

  /// The part of a plan that the consumers are concerned with.
  init(_ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan) {
    self.ring = ring
    producerCount = plan.producers.count
    consumerCount = plan.consumers.count
    producersMayPark = plan.producers.contains { $0.wait.parks }
    checksOrder = plan.checksOrder
    histogramLayout = plan.histogramLayout
    time = plan.time
  }

  /// Writes the request and the consumers behind it.
  func store(_ consumers: [WorkloadPlan.Consumer], in memory: SharedMemory) {
    unsafe memory.bytes.storeBytes(of: self, as: Self.self)
    for (index, consumer) in consumers.enumerated() {
      unsafe memory.bytes.storeBytes(
        of: Consumer(consumer), toByteOffset: Self.consumerOffset(index), as: Consumer.self)
    }
  }

  /// The plan that somebody else has stored a request for; nil when there is none.
  static func plan(in memory: SharedMemory) -> (WorkloadPlan, WorkloadPlan.RingPlan)? {
    guard unsafe memory.bytes.count >= byteCount(consumerCount: 0) else { return nil }
    let request = unsafe memory.bytes.loadUnaligned(as: Self.self)
    guard request.magic == expectedMagic, request.consumerCount > 0,
      unsafe memory.bytes.count >= byteCount(consumerCount: request.consumerCount)
    else { return nil }
    let consumers = (0..<request.consumerCount).map { index in
      WorkloadPlan.Consumer(
        unsafe memory.bytes.loadUnaligned(fromByteOffset: consumerOffset(index), as: Consumer.self))
    }
    return (request.plan(consumers), request.ring)
  }

  /// Behind the request, on a line of their own.
  private static func consumerOffset(_ index: Int) -> Int {
    AlignedMemory.roundedUp(MemoryLayout<Self>.size) + index * MemoryLayout<Consumer>.stride
  }

  /// Of the producers, consumers need to know how many there are and whether they may be parked.
  private func plan(_ consumers: [WorkloadPlan.Consumer]) -> WorkloadPlan {
    WorkloadPlan(
      pattern: .ring(ring), topology: Topology(),
      producers: (0..<producerCount).map { index in
        .init(name: "\(index)", payloadByteCount: ring.itemByteCount, wait: producersMayPark ? .park : .spin)
      },
      consumers: consumers, serviceTimes: [], checksPayload: true, checksOrder: checksOrder, seed: 0,
      histogramLayout: histogramLayout, time: time)
  }
}

extension PeerRequest.Consumer {
  fileprivate init(_ consumer: WorkloadPlan.Consumer) {
    name = InlineArray(repeating: 0)
    for (index, byte) in consumer.name.utf8.prefix(name.count).enumerated() { name[index] = byte }
    wait = consumer.wait
    batchCount = consumer.batchCount
  }
}

extension WorkloadPlan.Consumer {
  fileprivate init(_ consumer: PeerRequest.Consumer) {
    let name = consumer.name.indices.map { consumer.name[$0] }.prefix { $0 != 0 }
    self.init(
      name: String(decoding: name, as: UTF8.self), batchCount: consumer.batchCount, wait: consumer.wait)
  }
}
