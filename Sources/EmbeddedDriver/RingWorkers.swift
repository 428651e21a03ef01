import DriverInterface
import Platform
import RingBuffers
import WorkloadLoops

/// Makes the ring that a plan asks for, or two for a round trip, and the workers at its ends.
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
    case 96: make(of: RingRecord<12>.self)
    case 128: make(of: RingRecord<16>.self)
    case 256: make(of: RingRecord<32>.self)
    default:
      throw DriverError(
        .notSupported,
        "a ring item of \(ring.itemByteCount) bytes; use 8, 16, 32, 64, 96, 128 or 256 bytes")
    }
  }

  private func make<Item: RingItem>(of item: Item.Type) -> WorkerSet {
    switch ring.kind {
    case .singleProducer:
      assemble {
        let ring = SingleProducerRing<Item>(capacity: ring.capacity)
        return RingEnds(makeProducer: { ring.makeProducer() }, makeConsumer: { ring.makeConsumer() })
      }
    case .manyToOne:
      assemble {
        let ring = ManyToOneRing<Item>(capacity: ring.capacity)
        return RingEnds(makeProducer: { ring.makeProducer() }, makeConsumer: { ring.makeConsumer() })
      }
    case .lanes:
      assemble {
        let ring = SweptLanes<Item>(laneCount: laneCount, laneCapacity: ring.capacity)
        return RingEnds(makeProducer: { ring.makeProducer() }, makeConsumer: { ring.makeConsumer() })
      }
    case .manyToMany:
      assemble {
        let ring = ManyToManyRing<Item>(capacity: ring.capacity)
        return RingEnds(makeProducer: { ring.makeProducer() }, makeConsumer: { ring.makeConsumer() })
      }
    case .broadcast(let laps):
      assemble {
        let ring = BroadcastRing<Item>(
          capacity: ring.capacity, mode: laps ? .lap : .block, readerLimit: plan.consumers.count)
        return RingEnds(
          makeProducer: { ring.makeProducer() },
          makeConsumer: {
            guard let reader = ring.makeReader() else { preconditionFailure("there is room for every planned reader") }
            return reader
          })
      }
    case .bytes:
      assemble {
        let ring = ByteRing(
          capacity: ByteRing.capacity(forRecords: ring.capacity, byteCount: MemoryLayout<Item>.size))
        return RingEnds(
          makeProducer: { ByteRing.ElementProducer<Item>(of: ring) },
          makeConsumer: { ByteRing.ElementConsumer<Item>(of: ring) })
      }
    case .stack:
      assemble {
        let ring = BoundedStack<Item>(capacity: ring.capacity)
        return RingEnds(makeProducer: { ring.makeProducer() }, makeConsumer: { ring.makeConsumer() })
      }
    }
  }

  /// Lanes for all producers: a power of two.
  private var laneCount: Int {
    var count = 1
    while count < plan.producers.count { count *= 2 }
    return count
  }

  /// The workers at the ends of one ring, or of two for a round trip.
  private func assemble<
    Producer: RingProducer & SendableMetatype & ~Copyable, Consumer: RingConsumer & SendableMetatype & ~Copyable
  >(
    _ makeRing: () -> RingEnds<Producer, Consumer>
  ) -> WorkerSet where Producer.Element: RingItem, Consumer.Element == Producer.Element {
    var builder = RingWorkerBuilder(plan: plan, ring: ring)
    let forth = makeRing()
    if ring.isRoundTrip {
      let back = makeRing()
      builder.addNearEnd(forth.makeProducer(), back.makeConsumer())
      builder.addFarEnd(back.makeProducer(), forth.makeConsumer())
    } else {
      for index in plan.producers.indices { builder.addProducer(index, forth.makeProducer()) }
      for index in plan.consumers.indices { builder.addConsumer(index, forth.makeConsumer()) }
    }
    return builder.workerSet
  }
}

/// How to get at the ends of a ring, whatever its kind.
struct RingEnds<Producer: ~Copyable, Consumer: ~Copyable> {
  let makeProducer: () -> Producer
  let makeConsumer: () -> Consumer
}
