public import DriverInterface
import Platform

/// A message on its way out of an application.
public struct OutgoingMessage: Sendable, Equatable {
  /// Where a message goes.
  public enum Destination: Sendable, Hashable {
    /// Through an exchange; "" is the default one, where the key is a queue's name.
    case route(exchange: String, key: String)
    /// To an inbox (`TaskInbox.address`).
    case address(UInt64)
  }

  /// The message; not empty.
  public var bytes: [UInt8]
  /// Where it goes.
  public var destination: Destination
  /// Comes back with the answer.
  public var correlation: UInt64 = 0
  /// How urgent it is, from 0.
  public var priority: UInt8 = 0

  /// A message.
  public init(bytes: [UInt8], destination: Destination, correlation: UInt64 = 0, priority: UInt8 = 0) {
    self.bytes = bytes
    self.destination = destination
    self.correlation = correlation
    self.priority = priority
  }
}

/// Where all threads of an application hand in what is to be published: one publishing end behind a lock.
///
/// For callers of `apply`, events and control; a worker's hot path has an end of its own. Never waits under its lock.
public protocol TaskOutbox: Sendable {
  /// Publishes a message; false when the one before it still waits for room in its queue. The message may then wait likewise:
  /// whoever publishes next, or `drain`, offers it again.
  func tryPublish(_ message: OutgoingMessage, now: Int64) throws(TaskSendError) -> Bool

  /// Offers again what waits for room; returns how much still does.
  func drain(now: Int64) -> Int

  /// The message that waits for room, if one does. Once it is given up, its waiter is to be told.
  var held: OutgoingMessage? { get }
}

/// The outbox over an end that publishes each message at once.
public final class EndpointOutbox<Endpoint: ReplyingReceiver & RoutingSender & ~Copyable>: TaskOutbox {
  private let state: Guarded<OutboxState<Endpoint>>

  /// An outbox that publishes by `endpoint`.
  public init(_ endpoint: consuming Endpoint) { state = Guarded(OutboxState(endpoint)) }

  public func tryPublish(_ message: OutgoingMessage, now: Int64) throws(TaskSendError) -> Bool {
    let result = state.withLock { state in
      Result { () throws(TaskSendError) in try state.publish(message, now: now) }
    }
    return try result.get()
  }

  public func drain(now: Int64) -> Int { state.withLock { $0.drain(now: now) } }

  public var held: OutgoingMessage? { state.withLock { $0.held } }
}

/// What an outbox's lock guards.
private final class OutboxState<Endpoint: ReplyingReceiver & RoutingSender & ~Copyable>: @unchecked Sendable {
  // Unchecked, because: it is reached under the lock only.
  private var endpoint: Endpoint
  /// The message in the end's hands that found no room.
  private(set) var held: OutgoingMessage?

  init(_ endpoint: consuming Endpoint) { self.endpoint = endpoint }

  func publish(_ message: OutgoingMessage, now: Int64) throws(TaskSendError) -> Bool {
    guard drain(now: now) == 0 else { return false }
    let isStaged: Bool
    switch message.destination {
    case .route(let exchange, let key):
      let route: Int
      do { route = try endpoint.route(exchange: exchange, key: key) } catch { throw .unavailable(error) }
      isStaged = message.bytes.withBody {
        endpoint.send($0, route: route, correlation: message.correlation, priority: message.priority, now: now)
      }
    case .address(let address):
      isStaged = message.bytes.withBody {
        endpoint.reply(to: address, correlation: message.correlation, with: $0, now: now)
      }
      _ = endpoint.flushReplies(now: now)
    }
    guard isStaged else { return false }
    let outcome = endpoint.flush(now: now)
    held = outcome.remainingCount > 0 ? message : nil
    if outcome.rejectedCount > 0 { throw .queueFull }
    if outcome.unroutableCount + outcome.returnedCount > 0 { throw .noQueue(message.destination.description) }
    return true
  }

  func drain(now: Int64) -> Int {
    guard held != nil else { return 0 }
    let left = endpoint.flush(now: now).remainingCount
    if left == 0 { held = nil }
    return left
  }
}

extension [UInt8] {
  /// Calls `body` with a view of the bytes, of which there is at least one.
  func withBody<Result>(_ body: (MessageBody) -> Result) -> Result {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("no message is empty") }
      return unsafe body(MessageBody(start: start, count: bytes.count))
    }
  }
}

extension OutgoingMessage.Destination: CustomStringConvertible {
  /// For messages of errors.
  public var description: String {
    switch self {
    case .route("", let key): "queue '\(key)'"
    case .route(let exchange, let key): "exchange '\(exchange)', key '\(key)'"
    case .address: "the waiter's address"
    }
  }
}
