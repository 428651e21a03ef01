import Platform
import Serialization
import Synchronization

/// Publishes events of an application and its workers, when somebody has asked for them.
///
/// Off, it costs whoever asks `isOn` one load. On, an event costs a lock, a message and its encoding; one that finds no room is lost,
/// which its receivers see by a gap in `TaskEvent.clock`.
final class EventDesk: Sendable {
  let outbox: any TaskOutbox
  /// Who the events are from.
  let hostname: String
  private let flag: Atomic<Bool>
  private let clock = Atomic<UInt64>(0)

  init(_ outbox: any TaskOutbox, hostname: String, isOn: Bool) {
    self.outbox = outbox
    self.hostname = hostname
    flag = Atomic(isOn)
  }

  /// Whether events are published. Relaxed: a few more or less at the turn are all right.
  var isOn: Bool { flag.load(ordering: .relaxed) }

  /// Begins or ends to publish.
  func turn(on isOn: Bool) { flag.store(isOn, ordering: .relaxed) }

  /// Publishes one event, whatever `isOn` says; its number is set here.
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
    var event = TaskEvent(
      .taskSent, hostname: hostname, timestamp: now, task: message.identifier, name: message.task,
      retries: message.retries)
    event.queue = message.queue
    event.root = message.relations.root
    event.parent = message.relations.parent
    publish(event, now: now)
  }
}
