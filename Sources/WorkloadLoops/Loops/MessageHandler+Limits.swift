import DriverInterface
import Platform

extension MessageHandler {
  /// How often work that goes on beyond its limit asks whether it may, in nanoseconds, while it sleeps.
  private static var askingPeriod: Int64 { 100_000 }

  /// Handles one message whose work may be broken off: from `limit` on it asks `checkStop` again and again, which throws when it is to
  /// end. Work that is done before asks nothing; a Fibonacci number is computed to its end first, like any call that does not ask.
  /// - Parameter limit: When it begins to ask, on the axis of `time`.
  func handle<Time: TimeSource>(
    _ body: MessageBody, _ number: SequenceNumber, time: Time, askingFrom limit: Int64, _ checkStop: () throws -> Void
  ) rethrows {
    let start = time.now()
    let end = start &+ duration(of: number)
    switch plan.busy {
    case .sleep:
      var now = start
      while now < end {
        if now >= limit { try checkStop() }
        let next = now < limit ? limit : now &+ Self.askingPeriod
        PrecisionSleep.sleep(nanoseconds: min(end, next) &- now)
        now = time.now()
      }
      return
    case .fibonacci(let number): OpaqueSink.consume(Self.fibonacci(number))
    case .touch: touch(body)
    case .spin: break
    }
    repeat {
      let now = time.now()
      if now >= limit { try checkStop() }
      if now >= end { return }
      spinHint()
    } while true
  }
}
