import RingBuffers
import WorkloadLoops

/// How to make a ring of some kind and its ends: in memory of its own, or in memory of two processes.
@safe struct RingRecipe<Ring, Producer: ~Copyable, Consumer: ~Copyable> {
  /// Makes the ring in memory of a size of one's own.
  @safe enum Place {
    /// Nobody else needs it.
    case own
    /// New memory, zeroed, of `byteCount` bytes.
    case new(UnsafeMutableRawBufferPointer)
    /// Memory in which another process has made the ring.
    case existing(UnsafeMutableRawBufferPointer)
  }

  private typealias Make = (UnsafeMutableRawBufferPointer) throws(RingAttachError) -> Ring

  /// How much memory of two processes the ring takes.
  let byteCount: Int
  private let create: () -> Ring
  private let format: Make
  private let attach: Make
  let makeProducer: (Ring) -> Producer
  let makeConsumer: (Ring) -> Consumer

  private init(
    byteCount: Int, create: @escaping () -> Ring, format: @escaping Make, attach: @escaping Make,
    makeProducer: @escaping (Ring) -> Producer, makeConsumer: @escaping (Ring) -> Consumer
  ) {
    self.byteCount = byteCount
    self.create = create
    unsafe self.format = unsafe format
    unsafe self.attach = unsafe attach
    self.makeProducer = makeProducer
    self.makeConsumer = makeConsumer
  }

  /// Makes the ring.
  func make(_ place: Place) throws(RingAttachError) -> Ring {
    switch place {
    case .own: create()
    case .new(let memory): try unsafe format(memory)
    case .existing(let memory): try unsafe attach(memory)
    }
  }
}

extension RingRecipe where Producer: ~Copyable, Consumer: ~Copyable {
  /// One producer, one consumer.
  static func singleProducer<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where
    Ring == SingleProducerRing<Item>, Producer == SingleProducerRing<Item>.Producer,
    Consumer == SingleProducerRing<Item>.Consumer
  {
    unsafe Self(
      byteCount: Ring.byteCount(capacity: capacity), create: { Ring(capacity: capacity) },
      format: { memory throws(RingAttachError) in try unsafe Ring(formatting: memory, capacity: capacity) },
      attach: Ring.init(attaching:), makeProducer: { $0.makeProducer() }, makeConsumer: { $0.makeConsumer() })
  }

  /// Any number of producers, one consumer, one order for all.
  static func manyToOne<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where Ring == ManyToOneRing<Item>, Producer == ManyToOneRing<Item>.Producer, Consumer == ManyToOneRing<Item>.Consumer
  {
    unsafe Self(
      byteCount: Ring.byteCount(capacity: capacity), create: { Ring(capacity: capacity) },
      format: { memory throws(RingAttachError) in try unsafe Ring(formatting: memory, capacity: capacity) },
      attach: Ring.init(attaching:), makeProducer: { $0.makeProducer() }, makeConsumer: { $0.makeConsumer() })
  }

  /// A single-producer ring for each producer, swept by one consumer.
  static func lanes<Item: BitwiseCopyable & Sendable>(of item: Item.Type, count: Int, capacity: Int) -> Self
  where Ring == SweptLanes<Item>, Producer == SweptLanes<Item>.Producer, Consumer == SweptLanes<Item>.Consumer {
    unsafe Self(
      byteCount: Ring.byteCount(laneCount: count, laneCapacity: capacity),
      create: { Ring(laneCount: count, laneCapacity: capacity) },
      format: { memory throws(RingAttachError) in
        try unsafe Ring(formatting: memory, laneCount: count, laneCapacity: capacity)
      },
      attach: Ring.init(attaching:), makeProducer: { $0.makeProducer() }, makeConsumer: { $0.makeConsumer() })
  }

  /// Any number of both.
  static func manyToMany<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where
    Ring == ManyToManyRing<Item>, Producer == ManyToManyRing<Item>.Producer, Consumer == ManyToManyRing<Item>.Consumer
  {
    unsafe Self(
      byteCount: Ring.byteCount(capacity: capacity), create: { Ring(capacity: capacity) },
      format: { memory throws(RingAttachError) in try unsafe Ring(formatting: memory, capacity: capacity) },
      attach: Ring.init(attaching:), makeProducer: { $0.makeProducer() }, makeConsumer: { $0.makeConsumer() })
  }

  /// Any number of both, the newest item first.
  static func stack<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where Ring == BoundedStack<Item>, Producer == BoundedStack<Item>.Producer, Consumer == BoundedStack<Item>.Consumer {
    unsafe Self(
      byteCount: Ring.byteCount(capacity: capacity), create: { Ring(capacity: capacity) },
      format: { memory throws(RingAttachError) in try unsafe Ring(formatting: memory, capacity: capacity) },
      attach: Ring.init(attaching:), makeProducer: { $0.makeProducer() }, makeConsumer: { $0.makeConsumer() })
  }

  /// One producer, and every consumer gets every item.
  static func broadcast<Item: BitwiseCopyable & Sendable>(
    of item: Item.Type, capacity: Int, laps: Bool, readerLimit: Int
  ) -> Self
  where Ring == BroadcastRing<Item>, Producer == BroadcastRing<Item>.Producer, Consumer == BroadcastRing<Item>.Reader {
    let mode = laps ? BroadcastMode.lap : .block
    return unsafe Self(
      byteCount: Ring.byteCount(capacity: capacity, readerLimit: readerLimit),
      create: { Ring(capacity: capacity, mode: mode, readerLimit: readerLimit) },
      format: { memory throws(RingAttachError) in
        try unsafe Ring(formatting: memory, capacity: capacity, mode: mode, readerLimit: readerLimit)
      },
      attach: Ring.init(attaching:), makeProducer: { $0.makeProducer() },
      makeConsumer: {
        guard let reader = $0.makeReader() else { preconditionFailure("there is room for every planned reader") }
        return reader
      })
  }

  /// One producer, one consumer, items as records of bytes, of which at least `count` fit; nil when no byte ring is that large.
  static func bytes<Item: BitwiseCopyable & Sendable>(of item: Item.Type, count: Int) -> Self?
  where Ring == ByteRing, Producer == ByteRing.ElementProducer<Item>, Consumer == ByteRing.ElementConsumer<Item> {
    guard let capacity = ByteRing.capacity(forRecords: count, byteCount: MemoryLayout<Item>.size) else { return nil }
    return unsafe Self(
      byteCount: Ring.byteCount(capacity: capacity), create: { Ring(capacity: capacity) },
      format: { memory throws(RingAttachError) in try unsafe Ring(formatting: memory, capacity: capacity) },
      attach: { memory throws(RingAttachError) in try unsafe Ring(attaching: memory) },
      makeProducer: { Producer(of: $0) }, makeConsumer: { Consumer(of: $0) })
  }
}
