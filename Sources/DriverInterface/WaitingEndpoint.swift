/// An end that can sleep until the subject has something for it.
///
/// Protocol: `prepareToWait()`, look once more, then `wait` or `cancelWait()`. No event between the second look and the sleep
/// is missed.
public protocol WaitingEndpoint: ~Copyable {
  /// Announces that the owner is about to sleep.
  mutating func prepareToWait()
  /// Withdraws the announcement: the second look found something.
  mutating func cancelWait()
  /// Sleeps until woken or for the given time, and withdraws the announcement. May return early.
  mutating func wait(timeoutNanoseconds: Int64)
}
