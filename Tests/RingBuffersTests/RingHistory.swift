import RingBuffers

/// What a thread did to a ring, element by element.
enum RingOperation: Sendable, CustomStringConvertible {
  case pushed(UInt64)
  case refused
  case popped(UInt64)
  case foundNothing

  var description: String {
    switch self {
    case .pushed(let value): "pushed \(value)"
    case .refused: "was refused"
    case .popped(let value): "popped \(value)"
    case .foundNothing: "found nothing"
    }
  }
}

/// A bounded queue or stack. A ring without locks may say "full" or "empty" because a neighbour is in the middle of a call;
/// with `isExact` it may not, with `refusesExactly` it may not say "full".
struct RingModel: SequentialModel {
  enum Order { case firstInFirstOut, lastInFirstOut }

  var elements: [UInt64] = []
  let limit: Int
  let order: Order
  let isExact: Bool
  let refusesExactly: Bool

  init(limit: Int, order: Order = .firstInFirstOut, isExact: Bool, refusesExactly: Bool = false) {
    self.limit = limit
    self.refusesExactly = refusesExactly || isExact
    self.order = order
    self.isExact = isExact
  }

  mutating func explains(_ operation: RingOperation, isContended: Bool) -> Bool {
    switch operation {
    case .pushed(let value):
      guard elements.count < limit else { return false }
      elements.append(value)
      return true
    case .refused:
      return elements.count == limit || isContended && !refusesExactly
    case .popped(let value):
      guard (order == .firstInFirstOut ? elements.first : elements.last) == value else { return false }
      elements.remove(at: order == .firstInFirstOut ? 0 : elements.count - 1)
      return true
    case .foundNothing:
      return elements.isEmpty || isContended && !isExact
    }
  }
}

extension HistoryLog<RingOperation> {
  /// Pushes up to three elements numbered from `first`, one by one or as a batch.
  mutating func push<Producer: RingProducer & ~Copyable>(
    to producer: inout Producer, first: UInt64, random: inout SplitMix64
  ) where Producer.Element == UInt64 {
    let wanted = random.below(4)
    let begin = clock.stamp()
    if wanted < 2 {
      let pushed = producer.tryPush(first)
      return record(since: begin, [pushed ? .pushed(first) : .refused])
    }
    let count = producer.claim(upTo: wanted)
    let values = (0..<UInt64(count)).map { first + $0 }
    for (index, value) in values.enumerated() { producer.write(value, at: index) }
    if count > 0 { producer.publish() }
    record(since: begin, count == 0 ? [.refused] : values.map { .pushed($0) })
  }

  /// Pops up to three elements, one by one or as a batch.
  mutating func pop<Consumer: RingConsumer & ~Copyable>(from consumer: inout Consumer, random: inout SplitMix64)
  where Consumer.Element == UInt64 {
    let wanted = random.below(4)
    let begin = clock.stamp()
    if wanted < 2 {
      let popped = consumer.tryPop()
      return record(since: begin, [popped.map { .popped($0) } ?? .foundNothing])
    }
    let count = consumer.take(upTo: wanted)
    let values = (0..<count).map { consumer.element(at: $0) }
    if count > 0 { consumer.release() }
    record(since: begin, count == 0 ? [.foundNothing] : values.map { .popped($0) })
  }

  /// Pops one by one until the ring is empty, so that a history also tells what was left.
  mutating func drain<Consumer: RingConsumer & ~Copyable>(_ consumer: inout Consumer)
  where Consumer.Element == UInt64 {
    while true {
      let begin = clock.stamp()
      let popped = consumer.tryPop()
      record(since: begin, [popped.map { .popped($0) } ?? .foundNothing])
      if popped == nil { return }
    }
  }
}
