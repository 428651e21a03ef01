public import DriverInterface
public import Platform

/// What a producer of a closed loop sleeps on while all that it may have outstanding is outstanding: not the subject, which has
/// nothing to tell it, but the consumers, who ring when they have handled something.
@frozen @usableFromInline
struct CompletionWait: WaitingEndpoint {
  @usableFromInline let bell: Doorbell
  @usableFromInline var ticket: Doorbell.Ticket?

  @inlinable
  init(_ bell: Doorbell) { self.bell = bell }

  @inlinable
  mutating func prepareToWait() { ticket = bell.prepareToWait() }

  @inlinable
  mutating func cancelWait() {
    bell.cancelWait()
    ticket = nil
  }

  @inlinable
  mutating func wait(timeoutNanoseconds: Int64) {
    guard let ticket else { return }
    bell.wait(ticket, timeoutNanoseconds: timeoutNanoseconds)
    self.ticket = nil
  }
}
