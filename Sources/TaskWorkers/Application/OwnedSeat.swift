/// A seat on its way to its thread.
final class OwnedSeat: @unchecked Sendable {
  // Unchecked, because: the maker gives it up, and only the new thread takes it.
  private var seat: (any TaskSeat)?

  init(seat: any TaskSeat) { self.seat = seat }

  func take() -> any TaskSeat {
    guard let seat else { preconditionFailure("a seat is taken once") }
    self.seat = nil
    return seat
  }
}
