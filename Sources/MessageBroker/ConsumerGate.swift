import Synchronization

/// Which of a queue's consumers may take: with `single_active` the one that came first, with `consumer_priority` those that nobody
/// with a higher priority and room stands before.
///
/// What it says is written by the control path, behind the lock of the queue's book, and read once per batch.
@usableFromInline
final class ConsumerGate: Sendable {
  /// Whether one consumer gets everything.
  let isSingleActive: Bool
  /// The consumer that gets everything: its number above, its session's slot below; 0 for none.
  private let active = Atomic<UInt64>(0)
  /// How often consumers came and went.
  private let changes = Atomic<UInt64>(0)

  private static let slotBits: UInt64 = 10

  /// A gate for a policy that needs one.
  init?(_ policy: DispatchPolicy) {
    switch policy {
    case .singleActive: isSingleActive = true
    case .consumerPriority: isSingleActive = false
    default: return nil
    }
  }

  /// Takes note of the consumers there are now.
  func consumersChanged(_ consumers: some Sequence<MessageQueue.EndRecord>) {
    let first = consumers.min { $0.order < $1.order }
    // Release pairs with the acquire in `admits`: who takes over comes after all that its predecessor gave back.
    active.store(first.map { Self.token(of: $0) } ?? 0, ordering: .releasing)
    changes.wrappingAdd(1, ordering: .releasing)
  }

  private static func token(of record: MessageQueue.EndRecord) -> UInt64 {
    record.order << slotBits | UInt64(record.terms?.sessionSlot ?? 0)
  }

  /// Whether the consumer may take now.
  /// - Parameters:
  ///   - record: The consumer.
  ///   - superiors: Its session's list of those that stand before it, brought up to date here.
  func admits(_ record: MessageQueue.EndRecord, after superiors: inout Superiors, in queue: MessageQueue) -> Bool {
    if isSingleActive { return active.load(ordering: .acquiring) == Self.token(of: record) }
    let current = changes.load(ordering: .acquiring)
    if superiors.change != current {
      superiors = Superiors(records: queue.consumers(above: record), change: current)
    }
    return !superiors.records.contains { $0.hasRoom }
  }

  /// Whether the consumer would be admitted now, for lists: it may be otherwise a moment later.
  func wouldAdmit(_ record: MessageQueue.EndRecord, among consumers: [MessageQueue.EndRecord]) -> Bool {
    if isSingleActive { return active.load(ordering: .acquiring) == Self.token(of: record) }
    let priority = record.terms?.priority ?? 0
    return !consumers.contains { ($0.terms?.priority ?? 0) > priority && $0.hasRoom }
  }

  /// The slot of the session whose consumer gets everything.
  var activeSlot: Int { Int(active.load(ordering: .acquiring) & (1 << Self.slotBits - 1)) }

  /// The consumers with a higher priority than one's own, as of one change of the consumers.
  @usableFromInline
  struct Superiors {
    fileprivate(set) var records: [MessageQueue.EndRecord] = []
    fileprivate var change: UInt64 = 0
  }
}
