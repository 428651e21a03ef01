import DriverInterface
import Platform
import RingBuffers
import WorkloadLoops

/// Makes the workers of a raw ring, or of two for a round trip.
struct RingWorkers {
  private let plan: WorkloadPlan
  private let ring: WorkloadPlan.RingPlan

  init(_ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan) {
    self.plan = plan
    self.ring = ring
  }

  /// One case per item size: the size is a type, so that each loop is compiled for its own.
  func make() throws(DriverError) -> WorkerSet {
    switch ring.itemByteCount {
    case 8: make(of: RingWord.self)
    case 16: make(of: RingRecord<2>.self)
    case 32: make(of: RingRecord<4>.self)
    case 64: make(of: RingRecord<8>.self)
    case 128: make(of: RingRecord<16>.self)
    case 256: make(of: RingRecord<32>.self)
    default:
      throw DriverError(
        .notSupported,
        "a ring item of \(ring.itemByteCount) bytes; use 8, 16, 32, 64, 128 or 256 bytes")
    }
  }

  private func make<Item: RingItem>(of item: Item.Type) -> WorkerSet {
    var builder = RingWorkerBuilder(plan: plan, ring: ring)
    if ring.isManyToMany {
      let forth = ManyToManyRing<Item>(capacity: ring.capacity)
      if ring.isRoundTrip {
        let back = ManyToManyRing<Item>(capacity: ring.capacity)
        builder.addNearEnd(forth.makeProducer(), back.makeConsumer())
        builder.addFarEnd(back.makeProducer(), forth.makeConsumer())
      } else {
        for index in plan.producers.indices { builder.addProducer(index, forth.makeProducer()) }
        for index in plan.consumers.indices { builder.addConsumer(index, forth.makeConsumer()) }
      }
    } else {
      let forth = SingleProducerRing<Item>(capacity: ring.capacity)
      if ring.isRoundTrip {
        let back = SingleProducerRing<Item>(capacity: ring.capacity)
        builder.addNearEnd(forth.makeProducer(), back.makeConsumer())
        builder.addFarEnd(back.makeProducer(), forth.makeConsumer())
      } else {
        builder.addProducer(0, forth.makeProducer())
        builder.addConsumer(0, forth.makeConsumer())
      }
    }
    return builder.workerSet
  }
}
