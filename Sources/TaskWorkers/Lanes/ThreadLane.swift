public import DriverInterface
public import Platform
import Synchronization

/// A lane whose worker is a thread of this process.
///
/// A thread cannot be killed: a hard limit and `terminate` ask the handler (`LaneContext.isCondemned`), and what comes of the
/// record is marked whatever it answers. A handler that never returns keeps the lane, and whoever drops it, waiting for ever.
@safe public struct ThreadLane: TaskLane, ~Copyable {
  private final class Worker: Sendable {
    let hasEnded = Atomic<Bool>(false)
  }

  private(set) var channel: LaneChannel
  private let worker: Worker
  private var thread: PinnedThread?

  /// Starts the thread.
  /// - Parameters:
  ///   - options: What is said there of children does not matter.
  ///   - name: The thread's, of which 15 bytes count.
  ///   - bell: Where the intake sleeps.
  ///   - time: Where the moments come from that are passed to `attend`.
  ///   - makeHandler: Called once, on the new thread.
  /// - Throws: `SystemError` when memory, descriptors or threads are exhausted.
  public init<Handler: LaneHandler & ~Copyable, Time: TimeSource>(
    _ options: LaneOptions, name: String, bell: LaneBell, time: Time, makeHandler: @escaping @Sendable () -> Handler
  ) throws(SystemError) {
    var options = options
    options.recordLimitPerChild = nil
    let region = try LaneRegion(options, calibration: nil)
    let worker = Worker()
    let thread: PinnedThread
    do {
      thread = try PinnedThread(name: name, core: options.core) {
        var loop = LaneLoop(region, bell: bell.doorbell, time: time, isDisposable: false, handler: makeHandler())
        _ = loop.run()
        worker.hasEnded.store(true, ordering: .releasing)  // Pairs with `attend`.
        bell.doorbell.ring()
      }
    } catch {
      throw SystemError("start thread \(name)", code: error.code)
    }
    self.worker = worker
    self.thread = thread
    channel = LaneChannel(region, depth: options.depth)
  }

  deinit {
    guard let thread else { return }
    channel.abandon()
    thread.join()
  }

  public var inHandCount: Int { channel.inHandCount }

  public mutating func tryHandOver(_ order: LaneOrder, _ body: MessageBody) -> LaneAdmission {
    channel.tryHandOver(order, body)
  }

  public mutating func flush() { channel.flush() }

  public var hasCompletions: Bool { channel.hasCompletions || (thread != nil && hasEnded) }

  public mutating func nextCompletion() -> LaneCompletion? { channel.nextCompletion() }

  public mutating func releaseCompletions() { channel.releaseCompletions() }

  public mutating func attend(now: Int64) -> Int64 {
    precondition(!channel.isContradicted, "a thread of this process does not send what it cannot mean")
    if let thread, hasEnded, channel.isDrained {
      thread.join()
      self.thread = nil
      channel.returnAll()
      return now
    }
    return channel.enforceLimits(now: now).next
  }

  public mutating func terminate(ticket: UInt64) -> Bool { channel.ledger.markUnwanted(ticket: ticket) }

  public mutating func stop(_ stop: LaneStop) {
    switch stop {
    case .warm: channel.close()
    case .cold: channel.stop()
    }
  }

  public var isStopped: Bool { thread == nil && channel.inHandCount == 0 }

  public var failure: String? { nil }

  /// Never: a thread does not die of what it runs.
  public var replayCount: Int { 0 }

  private var hasEnded: Bool { worker.hasEnded.load(ordering: .acquiring) }
}
