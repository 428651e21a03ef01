import DriverInterface
import Platform
import Serialization

/// Receives events of an application's broker: for monitors.
///
/// Owned by one thread. What comes while nobody asks waits in its queue, up to a limit; what is lost beyond it shows as a gap in
/// `TaskEvent.clock`.
public final class EventReceiver {
  private let inbox: any TaskInbox
  private let time: any TimeSource
  private var waiting: ArraySlice<TaskEvent> = []
  /// Messages that were no events.
  public private(set) var malformedCount = 0

  init(_ inbox: any TaskInbox, time: any TimeSource) {
    self.inbox = inbox
    self.time = time
  }

  /// The next event; nil when none comes in time.
  public func next(timeout: Duration) -> TaskEvent? {
    let end = MonotonicClock.now().advanced(upTo: timeout.wholeNanoseconds)
    while waiting.isEmpty {
      if take() { break }
      let left = end - MonotonicClock.now()
      guard left > 0 else { return nil }
      inbox.sleep(timeoutNanoseconds: left) { !take() }
    }
    return waiting.popFirst()
  }

  private func take() -> Bool {
    _ = inbox.take(now: time.now()) { message in
      let event = try? Serializer.messagepack.decode(
        TaskEvent.self, from: unsafe BorrowedBytes(message.body.bytes))
      if let event { waiting.append(event) } else { malformedCount += 1 }
    }
    return !waiting.isEmpty
  }
}

extension TaskApplication {
  /// Begins to receive the events whose routing keys match `pattern`: `task.#`, `worker.heartbeat`, `#` for all.
  public func listen(to pattern: String = "#") throws(TaskSendError) -> EventReceiver {
    do {
      return EventReceiver(
        try transport.openInbox([InboxBinding(exchange: TaskEvent.exchange, key: pattern)]), time: time)
    } catch { throw .unavailable(error) }
  }
}
