import Distributions
import RingBuffers

/// What a thread did to a broadcast ring, element by element. Elements are numbered from 0 in the order of the producer.
enum BroadcastOperation: Sendable {
  /// The producer said what it is about to write: so many from its tail on.
  case announced(Int)
  case pushed(UInt64)
  case refused
  /// The reader learnt that it missed so many.
  case missed(reader: Int, UInt64)
  case popped(reader: Int, UInt64)
  case foundNothing(reader: Int)
}

/// One producer's order of elements and where each reader is in it. A ring of either mode answers to the letter, because
/// neither waits for a neighbour: each call takes effect at one access of its own.
struct BroadcastModel: SequentialModel, Sendable {
  let mode: BroadcastMode
  let capacity: UInt64
  private var tail: UInt64 = 0
  private var announced: UInt64 = 0
  private var heads: [UInt64]

  init(mode: BroadcastMode, capacity: Int, readers: Int) {
    self.mode = mode
    self.capacity = UInt64(capacity)
    heads = Array(repeating: 0, count: readers)
  }

  mutating func explains(_ operation: BroadcastOperation, isContended: Bool) -> Bool {
    switch operation {
    case .announced(let count):
      announced = tail + UInt64(count)
      return mode == .lap
    case .pushed(let number):
      guard number == tail, mode == .lap ? tail < announced : !isFull else { return false }
      tail += 1
      return true
    case .refused:
      return mode == .block && isFull
    case .missed(let reader, let count):
      let end = heads[reader] + count
      // Only a reader that was overtaken misses something, and then it goes on half a ring behind or where it must.
      guard mode == .lap, heads[reader] < oldest, end <= max(oldest, tail - min(tail, (capacity + 1) / 2)) else {
        return false
      }
      heads[reader] = end
      return true
    case .popped(let reader, let number):
      guard number == heads[reader], number < tail, number >= oldest else { return false }
      heads[reader] += 1
      return true
    case .foundNothing(let reader):
      return heads[reader] == tail
    }
  }

  /// Whether some reader leaves the producer no room.
  private var isFull: Bool { heads.contains { tail - $0 == capacity } }

  /// The first element that is surely not being overwritten.
  private var oldest: UInt64 { mode == .lap && announced > capacity ? announced - capacity : 0 }
}

/// Pushes up to three elements at a time, one by one or as a batch.
struct BroadcastPusher: HistoryActor, ~Copyable {
  private var producer: BroadcastRing<UInt64>.Producer
  private let mode: BroadcastMode
  private var next: UInt64 = 0

  init(of ring: BroadcastRing<UInt64>) {
    producer = ring.makeProducer()
    mode = ring.mode
  }

  mutating func act(_ log: inout HistoryLog<BroadcastOperation>, random: inout SplitMix64) {
    let wanted = random.below(4)
    let begin = log.clock.stamp()
    let count = wanted < 2 ? (producer.tryPush(next) ? 1 : 0) : producer.claim(upTo: wanted)
    let values = (0..<UInt64(count)).map { next + $0 }
    if wanted >= 2 {
      for (index, value) in values.enumerated() { producer.write(value, at: index) }
      producer.publish()
    }
    next += UInt64(count)
    guard count > 0 else { return log.record(since: begin, [.refused]) }
    log.record(since: begin, (mode == .lap ? [.announced(count)] : []) + values.map { .pushed($0) })
  }

  mutating func drain(_ log: inout HistoryLog<BroadcastOperation>) {}
}

/// Reads up to three elements at a time, one by one or as a batch.
struct BroadcastPopper: HistoryActor, ~Copyable {
  private var reader: BroadcastRing<UInt64>.Reader
  private let number: Int
  private var missedCount: UInt64 = 0

  /// - Parameter number: The reader's place in the model.
  init(of ring: BroadcastRing<UInt64>, number: Int) {
    reader = RingBuffersTests.reader(of: ring)
    self.number = number
  }

  mutating func act(_ log: inout HistoryLog<BroadcastOperation>, random: inout SplitMix64) {
    read(random.below(4), &log)
  }

  mutating func drain(_ log: inout HistoryLog<BroadcastOperation>) {
    repeat { read(1, &log) } while !log.endedWith { if case .foundNothing = $0 { true } else { false } }
  }

  private mutating func read(_ wanted: Int, _ log: inout HistoryLog<BroadcastOperation>) {
    let begin = log.clock.stamp()
    var values: [UInt64] = []
    if wanted < 2 {
      values = reader.tryPop().map { [$0] } ?? []
    } else {
      let count = reader.take(upTo: wanted)
      values = (0..<count).map { reader.element(at: $0) }
      reader.release()
    }
    let missed = reader.missedCount - missedCount
    missedCount += missed
    let number = number
    log.record(
      since: begin,
      (missed > 0 ? [.missed(reader: number, missed)] : [])
        + (values.isEmpty ? [.foundNothing(reader: number)] : values.map { .popped(reader: number, $0) }))
  }
}
