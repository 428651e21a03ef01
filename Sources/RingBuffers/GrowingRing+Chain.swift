import Platform
import Synchronization

extension GrowingRing {
  /// The segments of a ring, behind its lock.
  struct Chain {
    /// Not drained when last looked at, oldest first; never empty.
    private(set) var segments: [Segment]
    /// Drained, and perhaps still in the hands of ends that have not looked since.
    private var retired: [Segment] = []
    /// Memory for the next growth: large segments that nobody uses, kept until `trim`, because the thread that took the last
    /// element of one has better things to do than to give back pages.
    private var spares: [Segment] = []
    /// The fewest spares that there were since the last trim: so many were not needed.
    private var leastSpares = 0
    private(set) var isClosed = false
    /// How many producer ends there have ever been.
    private var producerCount = 0
    private let memory: GrowingRingMemory
    private let lengthLimit: Int
    private let smallest: Int
    private let largest: Int
    /// Where head and tail were at the last trim; how many trims in a row found them there, and how many a segment mostly empty.
    private var trimmedAt: (head: UInt64, tail: UInt64)
    private var idleTrims = 0
    private var quietTrims = 0
    /// Trims in a row that must find a busy ring mostly empty before it shrinks. They see little of what happens between them,
    /// so one that was wrong doubles it: what comes again and again, however rarely, ends up costing no growth.
    private(set) var patience = Self.leastPatience
    private var hasShrunkBusy = false

    /// Trims in a row that must find a ring untouched before it shrinks.
    static var idlePatience: Int { 10 }
    static var leastPatience: Int { 100 }
    static var mostPatience: Int { 6_400 }

    init(memory: GrowingRingMemory, lengthLimit: Int, smallest: Int, largest: Int, start: UInt64) {
      self.memory = memory
      self.lengthLimit = lengthLimit
      self.smallest = smallest
      // A slot whose element is taken is free only when the consumer has read it, so the slots are more than the limit.
      let log2 = Int.bitWidth - (2 * min(lengthLimit, largest) - 1).leadingZeroBitCount
      let enough = min(largest, 1 << log2)
      self.largest = max(smallest, enough)
      trimmedAt = (start, start)
      segments = []
      segments = [makeSegment(capacity: smallest, start: start)]
      book()
    }

    /// The segment that takes pushes.
    var current: Segment { segments[segments.count - 1] }

    /// The consumers' cursor; acquire pairs with their compare-and-swap.
    var head: UInt64 { unsafe memory.head.pointee.load(ordering: .acquiring) }

    /// How many elements there are up to `tail`; none when consumers have gone past it since the caller read it.
    private func distance(to tail: UInt64) -> Int { Int(max(0, Int64(bitPattern: tail &- head) / 2)) }

    /// A new producer's end of the current segment. The first one has the tail to itself until a second one comes.
    mutating func attachProducer() -> Segment.Producer {
      var producer = current.makeProducer()
      producerCount += 1
      if producerCount == 1, ProcessBarrier.isAvailable {
        memory.gate.open()
        producer.gate = memory.gate
      } else {
        memory.gate.shutForGood()
      }
      return producer
    }

    mutating func close() {
      isClosed = true
      memory.gate.whileShut { current.close() }
    }

    /// The segment that a consumer should take from.
    mutating func front() -> Segment {
      retireDrained()
      return segments[0]
    }

    /// Whether the slots of the current segment are used up although the length limit is not reached; then there is a new
    /// segment. The caller looks again in either case.
    mutating func growIfNeeded() {
      let (tail, _) = current.tailCursor
      guard !isClosed, current.slotDistance(at: tail) < 0, distance(to: tail) < lengthLimit else { return }
      if hasShrunkBusy {
        hasShrunkBusy = false
        patience = min(2 * patience, Self.mostPatience)
      }
      retireDrained()
      append(capacity: min(2 * current.capacity, largest), after: tail)
    }

    /// Lets go of what nobody uses, but for large segments, which become spares. To be released outside the lock.
    mutating func takeUnused() -> [Segment] {
      var dropped: [Segment] = []
      var index = 0
      while index < retired.count {
        guard isKnownUniquelyReferenced(&retired[index]) else {
          index += 1
          continue
        }
        let segment = retired.remove(at: index)
        if segment.capacity == largest { spares.append(segment) } else { dropped.append(segment) }
      }
      book()
      return dropped
    }

    /// See `GrowingRing.trim`.
    mutating func trim() -> [Segment] {
      retireDrained()
      let (tail, _) = current.tailCursor
      let head = head
      idleTrims = (head, tail) == trimmedAt ? idleTrims + 1 : 0
      trimmedAt = (head, tail)
      var dropped = Array(spares.suffix(leastSpares))
      spares.removeLast(leastSpares)
      let length = distance(to: tail)
      if segments.count == 1, !isClosed, current.capacity > smallest, length <= current.capacity / 8 {
        quietTrims += 1
        if idleTrims >= Self.idlePatience {
          shrink(tail: tail, length: length)
        } else if quietTrims >= patience {
          hasShrunkBusy = true
          shrink(tail: tail, length: length)
        }
      } else {
        quietTrims = 0
      }
      dropped += takeUnused()
      leastSpares = spares.count
      return dropped
    }

    private mutating func shrink(tail: UInt64, length: Int) {
      quietTrims = 0
      var capacity = smallest
      while capacity < 2 * length { capacity *= 2 }
      append(capacity: capacity, after: tail)
      retireDrained()
    }

    /// Lets a new segment follow the current one, unless somebody has pushed since its tail was at `tail`.
    private mutating func append(capacity: Int, after tail: UInt64) {
      let next = makeSegment(capacity: capacity, start: tail)
      guard memory.gate.whileShut({ current.close(at: tail) }) else {
        if capacity == largest { spares.append(next) }
        return
      }
      segments.append(next)
      segments[segments.count - 2].seal()
      book()
    }

    private mutating func makeSegment(capacity: Int, start: UInt64) -> Segment {
      var old: Segment?
      if capacity == largest {
        old = spares.popLast()
        leastSpares = min(leastSpares, spares.count)
      }
      return unsafe Segment(
        segmentOf: capacity, start: start, head: memory.head, lengthLimit: lengthLimit,
        limitsLength: distance(to: start) + capacity > lengthLimit, recycling: old)
    }

    private mutating func retireDrained() {
      let head = head
      while segments.count > 1, segments[0].isDrained(head: head) { retired.append(segments.removeFirst()) }
    }

    /// Writes down what the ring takes, for readers without the lock.
    private func book() {
      var byteCount = GrowingRingMemory.ownByteCount
      for segment in segments { byteCount += segment.regionByteCount }
      for segment in retired { byteCount += segment.regionByteCount }
      for segment in spares { byteCount += segment.regionByteCount }
      unsafe memory.byteCount.pointee.store(byteCount, ordering: .relaxed)
      let isSmall = segments.count == 1 && current.capacity == smallest && retired.isEmpty && spares.isEmpty
      unsafe memory.mayTrim.pointee.store(isSmall ? 0 : 1, ordering: .relaxed)
    }
  }
}
