import DriverInterface
import Platform
import RingBuffers
import WorkloadLoops

/// Makes the ring that a plan asks for, or two for a round trip, and the workers at its ends.
struct RingWorkers {
  /// Which ends live in this process.
  enum Side {
    /// All of them.
    case both
    /// The producers; the consumers live in a process that this program is started for.
    case near(PeerProgram)
    /// The consumers, on behalf of the process that has made this memory.
    case far(SharedMemory)

    /// Whether the producers live here.
    var sends: Bool { if case .far = self { false } else { true } }
  }

  private let plan: WorkloadPlan
  private let ring: WorkloadPlan.RingPlan
  private let side: Side

  init(_ plan: WorkloadPlan, _ ring: WorkloadPlan.RingPlan, side: Side = .both) {
    self.plan = plan
    self.ring = ring
    self.side = side
  }

  func make() throws(DriverError) -> WorkerSet {
    ring.hasVaryingRecords ? try RecordWorkers(plan, ring).make() : try makeItems()
  }

  /// One case per item size: the size is a type, so that each loop is compiled for its own.
  private func makeItems() throws(DriverError) -> WorkerSet {
    switch ring.itemByteCount {
    case 8: try make(of: RingWord.self)
    case 16: try make(of: RingRecord<2>.self)
    case 32: try make(of: RingRecord<4>.self)
    case 64: try make(of: RingRecord<8>.self)
    case 96: try make(of: RingRecord<12>.self)
    case 128: try make(of: RingRecord<16>.self)
    case 256: try make(of: RingRecord<32>.self)
    default:
      throw DriverError(
        .notSupported,
        "a ring item of \(ring.itemByteCount) bytes; use 8, 16, 32, 64, 96, 128 or 256 bytes")
    }
  }

  private func make<Item: RingItem>(of item: Item.Type) throws(DriverError) -> WorkerSet {
    let capacity = ring.capacity
    return switch ring.kind {
    case .singleProducer: try assemble(.singleProducer(of: item, capacity: capacity))
    case .manyToOne: try assemble(.manyToOne(of: item, capacity: capacity))
    case .lanes: try assemble(.lanes(of: item, count: laneCount, capacity: capacity))
    case .manyToMany: try assemble(.manyToMany(of: item, capacity: capacity))
    case .broadcast(let laps):
      try assemble(.broadcast(of: item, capacity: capacity, laps: laps, readerLimit: plan.consumers.count))
    case .bytes: try assemble(records(of: item))
    case .stack: try assemble(.stack(of: item, capacity: capacity))
    }
  }

  private func records<Item: RingItem>(of item: Item.Type) throws(DriverError)
    -> RingRecipe<ByteRing, ByteRing.ElementProducer<Item>, ByteRing.ElementConsumer<Item>>
  {
    guard let recipe = RingRecipe.bytes(of: item, count: ring.capacity) else {
      throw .tooManyRecords(ring.capacity, byteCount: ring.itemByteCount)
    }
    return recipe
  }

  /// Lanes for all producers: a power of two.
  private var laneCount: Int {
    var count = 1
    while count < plan.producers.count { count *= 2 }
    return count
  }

  /// The workers at the ends of one ring, or of two for a round trip.
  private func assemble<
    Ring, Producer: RingProducer & SendableMetatype & ~Copyable, Consumer: RingConsumer & SendableMetatype & ~Copyable
  >(
    _ recipe: RingRecipe<Ring, Producer, Consumer>
  ) throws(DriverError) -> WorkerSet where Producer.Element: RingItem, Consumer.Element == Producer.Element {
    let (rings, region) = try makeRings(recipe)
    let (forth, back) = (rings[0], rings[rings.count - 1])
    var builder = RingWorkerBuilder(plan: plan, ring: ring, region: region)
    if side.sends {
      if ring.isRoundTrip {
        builder.addNearEnd(recipe.makeProducer(forth), recipe.makeConsumer(back))
      } else {
        for index in plan.producers.indices { builder.addProducer(index, recipe.makeProducer(forth)) }
      }
    }
    if case .near(let program) = side, let region {
      builder.addConsumers(of: try RingPeer(program, region), region)
    } else if ring.isRoundTrip {
      builder.addFarEnd(recipe.makeProducer(back), recipe.makeConsumer(forth))
    } else {
      for index in plan.consumers.indices { builder.addConsumer(index, recipe.makeConsumer(forth)) }
    }
    return builder.workerSet
  }

  /// The rings, and the memory that they lie in when another process has its ends there.
  private func makeRings<Ring, Producer: ~Copyable, Consumer: ~Copyable>(
    _ recipe: RingRecipe<Ring, Producer, Consumer>
  ) throws(DriverError) -> ([Ring], PeerRegion?) {
    do {
      switch side {
      case .both:
        return (try (0..<(ring.isRoundTrip ? 2 : 1)).map { _ in try recipe.make(.own) }, nil)
      case .near:
        let region = try PeerRegion(creatingFor: plan, ring, ringByteCount: recipe.byteCount)
        return (try (0..<region.ringCount).map { unsafe try recipe.make(.new(region.ring($0))) }, region)
      case .far(let memory):
        guard let region = PeerRegion(attaching: memory, plan, ring, ringByteCount: recipe.byteCount) else {
          throw RingAttachError.regionTooSmall(byteCount: unsafe memory.bytes.count, neededByteCount: recipe.byteCount)
        }
        return (try (0..<region.ringCount).map { unsafe try recipe.make(.existing(region.ring($0))) }, region)
      }
    } catch {
      throw DriverError(.unavailable, "a ring between processes: \(error)")
    }
  }
}
