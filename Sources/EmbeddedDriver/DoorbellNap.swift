import Platform

/// An end's wait at one of its ring's doorbells, in the steps of a `WaitingEndpoint`.
struct DoorbellNap {
  private var ticket: Doorbell.Ticket?

  mutating func prepare(at doorbell: Doorbell) { ticket = doorbell.prepareToWait() }

  mutating func cancel(at doorbell: Doorbell) {
    if ticket != nil { doorbell.cancelWait() }
    ticket = nil
  }

  mutating func take(at doorbell: Doorbell, timeoutNanoseconds: Int64) {
    guard let ticket else { return }
    doorbell.wait(ticket, timeoutNanoseconds: timeoutNanoseconds)
    self.ticket = nil
  }
}
