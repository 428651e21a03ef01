import Platform
import Serialization
import Synchronization

/// Publishes events of an application and its workers, when somebody has asked for them: each node has a switch of its own, and the
/// application, which says what it sends, goes by those of its nodes.
///
/// Off, it costs whoever asks a switch one load. On, an event costs a lock, a message and its encoding; one that finds no room is lost,
/// which its receivers see by a gap in `TaskEvent.clock`.
final class EventDesk: Sendable {
  let outbox: any TaskOutbox
  /// Who the events are from.
  let hostname: String
  private let beginsOn: Bool
  private let flag: Atomic<Bool>
  /// Nodes whose switch is on.
  private let onCount = Guarded(0)
  private let clock = Atomic<UInt64>(0)

  init(_ outbox: any TaskOutbox, hostname: String, isOn: Bool) {
    self.outbox = outbox
    self.hostname = hostname
    beginsOn = isOn
    flag = Atomic(isOn)
  }

  /// Whether the application says what it sends. Relaxed: a few more or less at the turn are all right.
  var isOn: Bool { flag.load(ordering: .relaxed) }

  // MARK: Switches

  /// The switch of a new node, as the application was set up.
  func makeSwitch() -> EventSwitch {
    let node = EventSwitch()
    if beginsOn { turn(node, on: true) }
    return node
  }

  /// A node begins or ends to publish. The application goes on as long as one of its nodes does.
  func turn(_ node: EventSwitch, on isOn: Bool) {
    onCount.withLock { count in
      guard node.turn(on: isOn) else { return }
      count += isOn ? 1 : -1
      flag.store(count > 0, ordering: .relaxed)
    }
  }

  /// A node is gone: with the last one that published the application goes on as it was set up.
  func retire(_ node: EventSwitch) {
    onCount.withLock { count in
      guard node.turn(on: false) else { return }
      count -= 1
      flag.store(count > 0 || beginsOn, ordering: .relaxed)
    }
  }

  // MARK: Events

  /// Publishes one event, whatever the switches say; its number is set here.
  func publish(_ event: TaskEvent, now: Int64) {
    var event = event
    event.clock = clock.wrappingAdd(1, ordering: .relaxed).newValue
    var writer = ByteWriter(capacity: 256, limit: TaskEnvelope.byteCountLimit)
    // MessagePack has a form for every event; an event too large for a message is one too many.
    guard (try? Serializer.messagepack.encode(event, into: &writer)) != nil else { return }
    let place = OutgoingMessage.Destination.route(exchange: TaskEvent.exchange, key: event.kind.routingKey)
    // Without a queue for it nobody wants it.
    _ = try? outbox.tryPublish(OutgoingMessage(bytes: writer.copied(), destination: place), now: now)
  }

  /// An application has sent a task.
  func taskSent(_ message: TaskMessage, now: Int64) {
    guard isOn else { return }
    publish(TaskEvent(sent: message, hostname: hostname, timestamp: now), now: now)
  }
}

/// Whether one node publishes events.
final class EventSwitch: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Relaxed, like that of the desk.
  var isOn: Bool { flag.load(ordering: .relaxed) }

  /// Turns it; returns whether that changes anything. By its desk alone.
  fileprivate func turn(on isOn: Bool) -> Bool { flag.exchange(isOn, ordering: .relaxed) != isOn }
}
