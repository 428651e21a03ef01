import Platform

/// Sends an application's periodic tasks when they are due: `Beat` on a thread of its own.
///
/// What it remembers is stored after sending: when the process dies in between, a task is sent once more rather than not at all.
public final class TaskBeat: Sendable {
  private struct State {
    var beat: Beat<Workflow>
    var sentCount = 0
    var failureCount = 0
    var storageFailureCount = 0
  }

  private let application: TaskApplication
  private let storage: (any BeatStorage & Sendable)?
  private let state: Guarded<State>

  /// The longest sleep, in nanoseconds: how late it notices that the wall clock was set.
  static let sleepLimit: Int64 = 20_000_000

  init(
    _ application: TaskApplication, _ entries: [Beat<Workflow>.Entry], storage: (any BeatStorage & Sendable)?,
    now: Int64
  ) throws(ScheduleError) {
    self.application = application
    self.storage = storage
    let remembered = storage.map { Self.restored($0) } ?? BeatState()
    state = Guarded(State(beat: try Beat(entries: entries, state: remembered, now: now)))
  }

  private static func restored(_ storage: some BeatStorage) -> BeatState { BeatState.restored(from: storage).state }

  /// Workflows sent so far.
  public var sentCount: Int { state.withLock { $0.sentCount } }
  /// Workflows that could not be sent.
  public var failureCount: Int { state.withLock { $0.failureCount } }
  /// How often what it remembers could not be stored.
  public var storageFailureCount: Int { state.withLock { $0.storageFailureCount } }

  /// Sends what is due.
  /// - Parameter now: The present moment, in nanoseconds since 1970 UTC.
  /// - Returns: when to come again; nil when nothing will ever be due.
  func step(now: Int64) -> Int64? {
    let firings = state.withLock { $0.beat.due(now: now) }
    for firing in firings {
      // Nobody holds the results.
      let isSent = (try? application.applyGroup(firing.payload, as: Never.self)) != nil
      state.withLock { state in
        if isSent { state.sentCount += 1 } else { state.failureCount += 1 }
      }
    }
    if !firings.isEmpty { store() }
    return state.withLock { $0.beat.nextMoment }
  }

  private func store() {
    guard let storage else { return }
    let remembered = state.withLock { $0.beat.state }
    do { try remembered.store(in: storage) } catch { state.withLock { $0.storageFailureCount += 1 } }
  }
}

/// A beat that runs; it stops when this goes, or at `stop`.
public final class RunningBeat: Sendable {
  /// What it has done.
  public let beat: TaskBeat
  private let thread: LoopThread

  init(_ beat: TaskBeat) throws(PinnedThread.StartError) {
    self.beat = beat
    thread = try LoopThread(name: "task-beat") {
      let now = WallClock.now()
      let next = beat.step(now: now) ?? .max
      let left = min(TaskBeat.sleepLimit, next.subtractingReportingOverflow(now).partialValue)
      if left > 0 { PrecisionSleep.sleep(nanoseconds: left) }
    }
  }

  /// Sends nothing any more.
  public func stop() { thread.stop() }
}

extension TaskApplication {
  /// Starts to send periodic tasks. One process of a system should.
  /// - Parameters:
  ///   - entries: What, and when.
  ///   - storage: Where it is remembered what was sent; nil to begin anew each time.
  public func startBeat(
    _ entries: [Beat<Workflow>.Entry], storage: (any BeatStorage & Sendable)? = nil
  ) throws -> RunningBeat {
    try RunningBeat(try TaskBeat(self, entries, storage: storage, now: WallClock.now()))
  }
}
