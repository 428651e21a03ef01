public import DriverInterface

/// A look into a queue of dead letters. Owned by one thread, and soon dropped: what it has shown and not removed goes back to its place
/// then.
public protocol DeadLetterReader: AnyObject {
  /// Shows the next messages to `body`, the oldest first, and removes those of which it says so. Never waits.
  /// - Returns: how many there were; 0 when there are no more, or all that may be shown were.
  func take(now: Int64, _ body: (ReceivedDeadLetter) -> Bool) -> Int
}

/// A dead letter as a driver shows it.
public struct ReceivedDeadLetter: Sendable {
  /// The message's bytes, valid for the call that shows it.
  public var body: MessageBody
  /// The queue that it left; empty when the driver does not know.
  public var queue: String
  /// Why, in the words of `x-death`; empty when the driver does not know.
  public var reason: String

  /// A letter.
  public init(body: MessageBody, queue: String, reason: String) {
    self.body = body
    self.queue = queue
    self.reason = reason
  }
}
