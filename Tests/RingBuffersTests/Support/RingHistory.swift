import Distributions
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

/// Pushes up to three elements at a time, one by one or as a batch; each has a number of its own.
struct RingPusher<Producer: RingProducer & SendableMetatype & ~Copyable>: HistoryActor, ~Copyable
where Producer.Element == UInt64 {
  private var producer: Producer
  private var next: UInt64

  /// - Parameter thread: Told apart from the other producers by it.
  init(_ producer: consuming Producer, thread: Int) {
    self.producer = producer
    next = UInt64(thread) << 32
  }

  mutating func act(_ log: inout HistoryLog<RingOperation>, random: inout SplitMix64) {
    let wanted = random.below(4)
    let begin = log.clock.stamp()
    let count = wanted < 2 ? (producer.tryPush(next) ? 1 : 0) : producer.claim(upTo: wanted)
    let values = (0..<UInt64(count)).map { next + $0 }
    if wanted >= 2, count > 0 {
      for (index, value) in values.enumerated() { producer.write(value, at: index) }
      producer.publish()
    }
    next += UInt64(count)
    log.record(since: begin, count == 0 ? [.refused] : values.map { .pushed($0) })
  }

  mutating func drain(_ log: inout HistoryLog<RingOperation>) {}
}

/// Pops up to three elements at a time, one by one or as a batch.
struct RingPopper<Consumer: RingConsumer & SendableMetatype & ~Copyable>: HistoryActor, ~Copyable
where Consumer.Element == UInt64 {
  private var consumer: Consumer

  init(_ consumer: consuming Consumer) { self.consumer = consumer }

  mutating func act(_ log: inout HistoryLog<RingOperation>, random: inout SplitMix64) {
    let wanted = random.below(4)
    guard wanted >= 2 else { return pop(&log) }
    let begin = log.clock.stamp()
    let count = consumer.take(upTo: wanted)
    let values = (0..<count).map { consumer.element(at: $0) }
    if count > 0 { consumer.release() }
    log.record(since: begin, count == 0 ? [.foundNothing] : values.map { .popped($0) })
  }

  mutating func drain(_ log: inout HistoryLog<RingOperation>) {
    repeat { pop(&log) } while !log.endedWith { if case .foundNothing = $0 { true } else { false } }
  }

  private mutating func pop(_ log: inout HistoryLog<RingOperation>) {
    let begin = log.clock.stamp()
    let popped = consumer.tryPop()
    log.record(since: begin, [popped.map { .popped($0) } ?? .foundNothing])
  }
}
