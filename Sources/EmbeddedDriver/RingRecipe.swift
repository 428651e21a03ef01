import RingBuffers
import WorkloadLoops

/// How to make a ring of some kind and its ends: in memory of its own, or in memory of two processes.
struct RingRecipe<Ring, Producer: ~Copyable, Consumer: ~Copyable> {
  /// Makes the ring in memory of a size of one's own.
  @safe enum Place {
    /// Nobody else needs it.
    case own
    /// New memory, zeroed, of `byteCount` bytes.
    case new(UnsafeMutableRawBufferPointer)
    /// Memory in which another process has made the ring.
    case existing(UnsafeMutableRawBufferPointer)
  }

  /// How much memory of two processes the ring takes.
  let byteCount: Int
  /// Makes the ring.
  let make: (Place) throws(RingAttachError) -> Ring
  let makeProducer: (Ring) -> Producer
  let makeConsumer: (Ring) -> Consumer
}

extension RingRecipe where Producer: ~Copyable, Consumer: ~Copyable {
  /// One producer, one consumer.
  static func singleProducer<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where
    Ring == SingleProducerRing<Item>, Producer == SingleProducerRing<Item>.Producer,
    Consumer == SingleProducerRing<Item>.Consumer
  {
    Self(byteCount: Ring.byteCount(capacity: capacity)) { place throws(RingAttachError) in
      switch place {
      case .own: Ring(capacity: capacity)
      case .new(let memory): try unsafe Ring(formatting: memory, capacity: capacity)
      case .existing(let memory): try unsafe Ring(attaching: memory)
      }
    } makeProducer: {
      $0.makeProducer()
    } makeConsumer: {
      $0.makeConsumer()
    }
  }

  /// Any number of producers, one consumer, one order for all.
  static func manyToOne<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where Ring == ManyToOneRing<Item>, Producer == ManyToOneRing<Item>.Producer, Consumer == ManyToOneRing<Item>.Consumer
  {
    Self(byteCount: Ring.byteCount(capacity: capacity)) { place throws(RingAttachError) in
      switch place {
      case .own: Ring(capacity: capacity)
      case .new(let memory): try unsafe Ring(formatting: memory, capacity: capacity)
      case .existing(let memory): try unsafe Ring(attaching: memory)
      }
    } makeProducer: {
      $0.makeProducer()
    } makeConsumer: {
      $0.makeConsumer()
    }
  }

  /// A single-producer ring for each producer, swept by one consumer.
  static func lanes<Item: BitwiseCopyable & Sendable>(of item: Item.Type, count: Int, capacity: Int) -> Self
  where Ring == SweptLanes<Item>, Producer == SweptLanes<Item>.Producer, Consumer == SweptLanes<Item>.Consumer {
    Self(byteCount: Ring.byteCount(laneCount: count, laneCapacity: capacity)) { place throws(RingAttachError) in
      switch place {
      case .own: Ring(laneCount: count, laneCapacity: capacity)
      case .new(let memory): try unsafe Ring(formatting: memory, laneCount: count, laneCapacity: capacity)
      case .existing(let memory): try unsafe Ring(attaching: memory)
      }
    } makeProducer: {
      $0.makeProducer()
    } makeConsumer: {
      $0.makeConsumer()
    }
  }

  /// Any number of both.
  static func manyToMany<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where
    Ring == ManyToManyRing<Item>, Producer == ManyToManyRing<Item>.Producer, Consumer == ManyToManyRing<Item>.Consumer
  {
    Self(byteCount: Ring.byteCount(capacity: capacity)) { place throws(RingAttachError) in
      switch place {
      case .own: Ring(capacity: capacity)
      case .new(let memory): try unsafe Ring(formatting: memory, capacity: capacity)
      case .existing(let memory): try unsafe Ring(attaching: memory)
      }
    } makeProducer: {
      $0.makeProducer()
    } makeConsumer: {
      $0.makeConsumer()
    }
  }

  /// Any number of both, the newest item first.
  static func stack<Item: BitwiseCopyable & Sendable>(of item: Item.Type, capacity: Int) -> Self
  where Ring == BoundedStack<Item>, Producer == BoundedStack<Item>.Producer, Consumer == BoundedStack<Item>.Consumer {
    Self(byteCount: Ring.byteCount(capacity: capacity)) { place throws(RingAttachError) in
      switch place {
      case .own: Ring(capacity: capacity)
      case .new(let memory): try unsafe Ring(formatting: memory, capacity: capacity)
      case .existing(let memory): try unsafe Ring(attaching: memory)
      }
    } makeProducer: {
      $0.makeProducer()
    } makeConsumer: {
      $0.makeConsumer()
    }
  }

  /// One producer, and every consumer gets every item.
  static func broadcast<Item: BitwiseCopyable & Sendable>(
    of item: Item.Type, capacity: Int, laps: Bool, readerLimit: Int
  ) -> Self
  where Ring == BroadcastRing<Item>, Producer == BroadcastRing<Item>.Producer, Consumer == BroadcastRing<Item>.Reader {
    let mode = laps ? BroadcastMode.lap : .block
    return Self(byteCount: Ring.byteCount(capacity: capacity, readerLimit: readerLimit)) {
      place throws(RingAttachError) in
      switch place {
      case .own: Ring(capacity: capacity, mode: mode, readerLimit: readerLimit)
      case .new(let memory):
        try unsafe Ring(formatting: memory, capacity: capacity, mode: mode, readerLimit: readerLimit)
      case .existing(let memory): try unsafe Ring(attaching: memory)
      }
    } makeProducer: {
      $0.makeProducer()
    } makeConsumer: {
      guard let reader = $0.makeReader() else { preconditionFailure("there is room for every planned reader") }
      return reader
    }
  }

  /// One producer, one consumer, items as records of bytes, of which at least `count` fit.
  static func bytes<Item: BitwiseCopyable & Sendable>(of item: Item.Type, count: Int) -> Self
  where Ring == ByteRing, Producer == ByteRing.ElementProducer<Item>, Consumer == ByteRing.ElementConsumer<Item> {
    let capacity = ByteRing.capacity(forRecords: count, byteCount: MemoryLayout<Item>.size)
    return Self(byteCount: Ring.byteCount(capacity: capacity)) { place throws(RingAttachError) in
      switch place {
      case .own: Ring(capacity: capacity)
      case .new(let memory): try unsafe Ring(formatting: memory, capacity: capacity)
      case .existing(let memory): try unsafe Ring(attaching: memory)
      }
    } makeProducer: {
      Producer(of: $0)
    } makeConsumer: {
      Consumer(of: $0)
    }
  }
}
