import Distributions
import RingBuffers

/// What a thread did to a ring of bytes, record by record.
enum RecordOperation: Sendable {
  case pushed(UInt64, byteCount: Int)
  case refused(byteCount: Int)
  /// Claimed and never finished: at the wrap that leaves a padding record with nothing behind it.
  case gaveUp(byteCount: Int)
  case popped(UInt64, byteCount: Int)
  case foundNothing
  /// What was read was given back.
  case released
  /// A record that does not hold what its length and number say.
  case foundDamage
}

/// Where the records of a ring of bytes lie, which follows from their sizes: a record that does not fit before the end of the
/// memory begins at its start again, behind padding. So a refusal is as exact as an answer.
struct RecordModel: SequentialModel, Sendable {
  private struct Record: Hashable {
    /// Nil for padding.
    var number: UInt64?
    var byteCount: Int
    var end: Int
  }

  let capacity: Int
  private var records: [Record] = []
  /// In bytes; records before `head` were read, and those before `released` are gone.
  private var tail = 0
  private var head = 0
  private var released = 0

  init(capacity: Int) { self.capacity = capacity }

  mutating func explains(_ operation: RecordOperation, isContended: Bool) -> Bool {
    switch operation {
    case .pushed(let number, let byteCount):
      guard makeRoom(for: byteCount) else { return false }
      append(number, byteCount, footprint: Self.footprint(of: byteCount))
      return true
    case .refused(let byteCount): return !makeRoom(for: byteCount)
    case .gaveUp(let byteCount): return makeRoom(for: byteCount)
    case .popped(let number, let byteCount):
      skipPadding()
      guard let first = records.first, first.number == number, first.byteCount == byteCount else { return false }
      removeFirst()
      return true
    case .foundNothing:
      skipPadding()
      return records.isEmpty
    case .released:
      released = head
      return true
    case .foundDamage: return false
    }
  }

  /// A header of 8 bytes, and the next multiple of 8.
  private static func footprint(of byteCount: Int) -> Int { (byteCount + 8 + 7) / 8 * 8 }

  /// Whether there is room; then padding is where it is needed.
  private mutating func makeRoom(for byteCount: Int) -> Bool {
    let footprint = Self.footprint(of: byteCount)
    let untilWrap = capacity - tail % capacity
    let padding = untilWrap < footprint ? untilWrap : 0
    guard tail + padding + footprint - released <= capacity else { return false }
    if padding > 0 { append(nil, 0, footprint: padding) }
    return true
  }

  private mutating func append(_ number: UInt64?, _ byteCount: Int, footprint: Int) {
    tail += footprint
    records.append(Record(number: number, byteCount: byteCount, end: tail))
  }

  private mutating func skipPadding() {
    while let first = records.first, first.number == nil { removeFirst() }
  }

  private mutating func removeFirst() { head = records.removeFirst().end }
}

/// Writes up to three records of any size at a time; some are given up.
struct RecordPusher: HistoryActor, ~Copyable {
  private var producer: ByteRing.Producer
  private let byteLimit: Int
  private var next: UInt64 = 0

  init(of ring: ByteRing) {
    producer = ring.makeProducer()
    byteLimit = ring.recordByteLimit
  }

  mutating func act(_ log: inout HistoryLog<RecordOperation>, random: inout SplitMix64) {
    let begin = log.clock.stamp()
    var done: [RecordOperation] = []
    for _ in 0..<1 + random.below(3) {
      let byteCount = random.below(byteLimit + 1)
      guard producer.claim(byteCount: byteCount) == .granted else {
        done.append(.refused(byteCount: byteCount))
        break
      }
      if random.below(8) == 0 {
        done.append(.gaveUp(byteCount: byteCount))
        continue
      }
      let number = next
      producer.withClaimedBytes { Self.fill(&$0, number: number) }
      producer.stage()
      done.append(.pushed(number, byteCount: byteCount))
      next += 1
    }
    producer.flush()
    log.record(since: begin, done)
  }

  mutating func drain(_ log: inout HistoryLog<RecordOperation>) {}

  /// Writes the bytes that the record of this number holds.
  static func fill(_ bytes: inout MutableRawSpan, number: UInt64) {
    for index in 0..<bytes.byteCount {
      bytes.storeBytes(of: byte(index, of: number), toByteOffset: index, as: UInt8.self)
    }
  }

  /// What the byte `index` of a record holds.
  static func byte(_ index: Int, of number: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: number &* 7 &+ UInt64(index)) }
}

/// Reads up to three records at a time and gives them back, together or in the next call.
struct RecordPopper: HistoryActor, ~Copyable {
  private var consumer: ByteRing.Consumer
  private var next: UInt64 = 0

  init(of ring: ByteRing) { consumer = ring.makeConsumer() }

  mutating func act(_ log: inout HistoryLog<RecordOperation>, random: inout SplitMix64) {
    read(1 + random.below(3), &log)
    if random.below(3) > 0 { release(&log) }
  }

  mutating func drain(_ log: inout HistoryLog<RecordOperation>) {
    repeat { read(1, &log) } while !log.endedWith { if case .foundNothing = $0 { true } else { false } }
    release(&log)
  }

  private mutating func read(_ limit: Int, _ log: inout HistoryLog<RecordOperation>) {
    let begin = log.clock.stamp()
    var found: [RecordOperation] = []
    for _ in 0..<limit {
      let record = Self.next(of: &consumer, number: next)
      found.append(record ?? .foundNothing)
      guard record != nil else { break }
      next += 1
    }
    log.record(since: begin, found)
  }

  /// Reads the next record, which must hold what the record of this number does; nil when there is none.
  static func next(of consumer: inout ByteRing.Consumer, number: UInt64) -> RecordOperation? {
    consumer.withNext { bytes in
      for index in 0..<bytes.byteCount
      where unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) != RecordPusher.byte(index, of: number) {
        return .foundDamage
      }
      return .popped(number, byteCount: bytes.byteCount)
    }
  }

  private mutating func release(_ log: inout HistoryLog<RecordOperation>) {
    let begin = log.clock.stamp()
    consumer.release()
    log.record(since: begin, [.released])
  }
}
