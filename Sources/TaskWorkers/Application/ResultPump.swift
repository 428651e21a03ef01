import DriverInterface
import Platform

/// Takes results out of an application's inbox and hands them to those who wait.
///
/// Roles: owned by one thread, which calls `run` again and again, and after its end by whoever has joined it; a test calls `step` itself.
final class ResultPump: @unchecked Sendable {
  // Unchecked, because: it is moved to its thread before that starts, and no other uses it until that has ended.
  private let inbox: any TaskInbox
  private let desk: ResultDesk
  private let outboxes: [any TaskOutbox]
  private let time: any TimeSource

  /// The longest sleep, in nanoseconds: how late a deadline, or room in a queue, may be noticed.
  static let sleepLimit: Int64 = 10_000_000

  init(_ inbox: any TaskInbox, desk: ResultDesk, outboxes: [any TaskOutbox], time: any TimeSource) {
    self.inbox = inbox
    self.desk = desk
    self.outboxes = outboxes
    self.time = time
  }

  /// Takes one batch, and does what time causes. Never waits.
  /// - Returns: how many messages there were.
  func step() -> Int {
    let count = takeResults()
    let now = time.now()
    desk.expire(now: now)
    for outbox in outboxes { _ = outbox.drain(now: now) }
    return count
  }

  /// Takes one batch. Never waits.
  /// - Returns: how many messages there were.
  func takeResults() -> Int {
    let now = time.now()
    return inbox.take(now: now) { message in
      guard let outcome = TaskOutcome(message.body) else {
        desk.noteMalformed()
        return
      }
      desk.note(ReceivedOutcome(outcome), of: outcome.identifier, now: now)
    }
  }

  /// Takes one batch, or sleeps until there may be one.
  func run() {
    guard step() == 0 else { return }
    inbox.sleep(timeoutNanoseconds: Self.sleepLimit) { step() == 0 }
  }
}
