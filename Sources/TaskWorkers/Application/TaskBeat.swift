import Platform

/// Sends an application's periodic tasks when they are due: `Beat` on a thread of its own.
///
/// What it remembers is stored when it begins, so that a first moment that passes while no beat runs is known to be missed, and after
/// sending: when the process dies in between, a task is sent once more rather than not at all. What cannot be sent is tried again every
/// second; after ten its moment counts as missed, and the entry's `CatchUpPolicy` decides.
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
  /// When what could not be sent is tried again, in nanoseconds.
  private static let retryPeriod: Int64 = 1_000_000_000

  /// Why what an earlier beat stored could not be used, in which case this one began as if it were the first; nil when it could, or
  /// nothing was stored.
  public let storageProblem: (any Error)?

  init(
    _ application: TaskApplication, _ entries: [Beat<Workflow>.Entry], storage: (any BeatStorage & Sendable)?,
    now: Int64
  ) throws(ScheduleError) {
    self.application = application
    self.storage = storage
    let (remembered, problem) = storage.map { Self.restored($0) } ?? (BeatState(), nil)
    storageProblem = problem
    let beat = try Beat(entries: entries, state: remembered, now: now)
    state = Guarded(State(beat: beat))
    if beat.state != remembered { store() }
  }

  private static func restored(_ storage: some BeatStorage) -> (BeatState, (any Error)?) {
    BeatState.restored(from: storage)
  }

  /// Workflows sent so far.
  public var sentCount: Int { state.withLock { $0.sentCount } }
  /// How often a workflow could not be sent.
  public var failureCount: Int { state.withLock { $0.failureCount } }
  /// How often what it remembers could not be stored.
  public var storageFailureCount: Int { state.withLock { $0.storageFailureCount } }

  /// Sends what is due.
  /// - Parameter now: The present moment, in nanoseconds since 1970 UTC.
  /// - Returns: when to come again; nil when nothing will ever be due.
  func step(now: Int64) -> Int64? {
    let firings = state.withLock { $0.beat.due(now: now) }
    var unsent: [Beat<Workflow>.Firing] = []
    for firing in firings {
      // In order: behind one that cannot be sent those of its entry wait.
      let mustWait = unsent.contains { $0.name == firing.name }
      if mustWait || !send(firing) { unsent.append(firing) }
    }
    let taken = unsent
    state.withLock { state in
      for firing in taken.reversed() { state.beat.takeBack(firing) }
    }
    if !firings.isEmpty { store() }
    let next = state.withLock { $0.beat.nextMoment }
    guard !unsent.isEmpty else { return next }
    return max(next ?? .min, now.advanced(upTo: Self.retryPeriod))
  }

  private func send(_ firing: Beat<Workflow>.Firing) -> Bool {
    // Nobody holds the results.
    let isSent = (try? application.applyGroup(firing.payload, as: Never.self)) != nil
    state.withLock { state in
      if isSent { state.sentCount += 1 } else { state.failureCount += 1 }
    }
    return isSent
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
  /// Starts to send periodic tasks. One process of a system should. It goes on until it is stopped or dropped: keep what is returned.
  /// - Parameters:
  ///   - entries: What, and when.
  ///   - storage: Where it is remembered what was sent; nil to begin anew each time.
  public func startBeat(
    _ entries: [Beat<Workflow>.Entry], storage: (any BeatStorage & Sendable)? = nil
  ) throws -> RunningBeat {
    try RunningBeat(try TaskBeat(self, entries, storage: storage, now: WallClock.now()))
  }
}
