public import DriverInterface

/// One worker of a pool as the intake sees it: records of bytes go in, in an order of its own each comes back as one completion.
///
/// The intake is the thread that owns the lane; it alone calls anything here. In each of its steps it
/// 1. takes completions until there are none, then gives their bytes back with `releaseCompletions()`,
/// 2. lets the lane do what time and deaths cause with `attend(now:)`,
/// 3. hands over what it has, and calls `flush()` once.
///
/// Before it sleeps, it prepares to wait at the lanes' `LaneBell`, looks at `hasCompletions` once more, and sleeps until the
/// moment that `attend` named at the latest.
///
/// What holds for every lane
/// - A ticket that was taken comes back exactly once, whatever happens to the worker.
/// - Records run one after another, in the order in which they were handed over.
/// - A record runs twice only if its worker died while it ran and its order asks for that; it is then marked `redelivered`, by the
///   intake: what a worker says of that does not count.
public protocol TaskLane: ~Copyable {
  /// How many records were taken and have not come back.
  var inHandCount: Int { get }

  /// Appends a copy of `body`, to be run some time after the next `flush()`.
  mutating func tryHandOver(_ order: LaneOrder, _ body: MessageBody) -> LaneAdmission

  /// Makes what was handed over visible to the worker and wakes it. Once per batch: it costs a fence.
  mutating func flush()

  /// Whether a completion is there to be taken, or something needs `attend`.
  var hasCompletions: Bool { get }

  /// The next completion, or nil when there is none now. Its bytes stay valid until `releaseCompletions()`.
  mutating func nextCompletion() -> LaneCompletion?

  /// Gives the bytes of the completions that were taken back to the worker. Once per batch: it costs a fence.
  mutating func releaseCompletions()

  /// Does what is due: limits, deaths, replacements, the end of a stop. Cheap when there is nothing to do.
  /// - Returns: when to come again at the latest: `now` after a change that the intake will want to look at, `Int64.max` when
  ///   only a ring of the bell can be a reason.
  mutating func attend(now: Int64) -> Int64

  /// How many attempts were given to a worker again, because the one that made them had died.
  var replayCount: Int { get }

  /// Asks for the end of one record, which comes back as `terminated` unless it is finished before: a process is killed when
  /// it has begun to run it, a thread's handler is asked.
  /// - Returns: false when the lane does not hold the ticket.
  mutating func terminate(ticket: UInt64) -> Bool

  /// Takes no more records. The lane has stopped when `isStopped` says so after some calls of `attend`; until then completions
  /// go on to come. A later stop may be sterner than an earlier one, never milder.
  mutating func stop(_ stop: LaneStop)

  /// Whether the worker has ended for good and every ticket has come back.
  var isStopped: Bool { get }

  /// Why the worker is gone for good although nobody stopped it, in a sentence; nil as long as it is not.
  var failure: String? { get }
}

/// What became of an attempt to hand over a record.
public enum LaneAdmission: Sendable, Equatable {
  /// The lane has a copy of it.
  case taken
  /// There is no room now: try again after the next completion.
  case full
  /// It will never fit this lane's ring.
  case tooLarge
  /// The lane is stopping, or its worker could not be started.
  case closed
}

/// How a lane ends.
public enum LaneStop: Sendable, Equatable {
  /// Everything in hand is run first.
  case warm
  /// The record that runs is finished; the others come back as `notBegun`. A process that has not finished at the given moment
  /// is killed, and what it ran comes back as `workerLost`; a thread is waited for.
  case cold(killingAt: Int64)
}
