public import DriverInterface

/// Where one thread takes messages in.
public protocol TaskInbox: AnyObject {
  /// Where replies reach it (`ReceivedMessage.replyTo`); not 0.
  var address: UInt64 { get }

  /// Shows the messages that there are to `body`, up to a batch of them; returns how many. Never waits.
  func take(now: Int64, _ body: (ReceivedMessage) -> Void) -> Int

  /// Sleeps until there may be a message, or for the given time; not at all if `isIdle` says no once sleepers are noticed.
  func sleep(timeoutNanoseconds: Int64, if isIdle: () -> Bool)
}

/// The inbox over an end that acknowledges by receiving.
public final class EndpointInbox<Endpoint: MessageReceiver & ~Copyable>: TaskInbox {
  public let address: UInt64
  private var endpoint: Endpoint

  /// How many messages are taken at a time.
  private static var batchLimit: Int { 256 }

  /// An inbox of `endpoint`, which replies reach at `address`.
  public init(_ endpoint: consuming Endpoint, address: UInt64) {
    precondition(address != 0, "0 stands for nowhere")
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
