import DriverInterface
import Platform

/// What a node wants of a seat and waits for. Whoever asked may take it back as long as the seat's thread has not begun with it.
final class SeatWish: Sendable {
  private enum Stage {
    case waiting, begun, withdrawn
    case over(Result<Void, DriverError>)
  }

  private let stage = Guarded(Stage.waiting)

  /// Does it, on the seat's thread, unless it was taken back.
  func fulfil(_ body: () throws(DriverError) -> Void) {
    let isWanted = stage.withLock { stage in
      guard case .waiting = stage else { return false }
      stage = .begun
      return true
    }
    guard isWanted else { return }
    let result: Result<Void, DriverError>
    do {
      try body()
      result = .success(())
    } catch { result = .failure(error) }
    stage.withLock { $0 = .over(result) }
  }

  /// What came of it; nil as long as nothing has.
  var result: Result<Void, DriverError>? {
    stage.withLock { stage in
      guard case .over(let result) = stage else { return nil }
      return result
    }
  }

  /// Takes it back; false when it is too late for that.
  func withdraw() -> Bool {
    stage.withLock { stage in
      guard case .waiting = stage else { return false }
      stage = .withdrawn
      return true
    }
  }
}
