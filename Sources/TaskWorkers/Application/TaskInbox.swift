public import DriverInterface

/// Where one thread takes messages in.
public protocol TaskInbox: AnyObject {
  /// Where replies reach it (`ReceivedMessage.replyTo`); not 0.
  var address: UInt64 { get }

  /// How many messages found no room in it so far; any thread may call this.
  var countRefused: @Sendable () -> UInt64 { get }

  /// Shows the messages that there are to `body`, up to a batch of them; returns how many. Never waits.
  func take(now: Int64, _ body: (ReceivedMessage) -> Void) -> Int

  /// Sleeps until there may be a message, or for the given time; not at all if `isIdle` says no once sleepers are noticed.
  func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool)
}

extension TaskInbox {
  /// None, where nobody counts them.
  public var countRefused: @Sendable () -> UInt64 { { 0 } }
}

/// The inbox over an end that acknowledges by receiving.
public final class EndpointInbox<Endpoint: MessageReceiver & ~Copyable>: TaskInbox {
  public let address: UInt64
  public let countRefused: @Sendable () -> UInt64
  private var endpoint: Endpoint

  /// How many messages are taken at a time.
  private static var batchLimit: Int { 256 }

  /// An inbox of `endpoint`, which replies reach at `address`.
  /// - Parameter countRefused: Says how many messages found no room behind that.
  public init(
    _ endpoint: consuming Endpoint, address: UInt64, countRefused: @escaping @Sendable () -> UInt64 = { 0 }
  ) {
    precondition(address != 0, "0 stands for nowhere")
    self.countRefused = countRefused
    self.endpoint = endpoint
    self.address = address
  }

  public func take(now: Int64, _ body: (ReceivedMessage) -> Void) -> Int {
    let count = endpoint.receive(limit: Self.batchLimit, now: now)
    for index in 0..<count { body(endpoint.message(at: index)) }
    return count
  }

  public func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool) {
    endpoint.prepareToWait()
    guard isIdle() else { return endpoint.cancelWait() }
    endpoint.wait(timeoutNanoseconds: timeoutNanoseconds)
  }
}
