public import DriverInterface

/// One producer's or consumer's share of the work, made by a driver for its own endpoint types.
public protocol LoadWorker: AnyObject, Sendable {
  /// Which side of the subject the worker is on.
  var role: WorkerRole { get }
  /// `group.index`, as in the plan.
  var name: String { get }
  /// What it counts and records, readable at any time.
  var meters: WorkerMeters { get }
  /// Why the worker cannot go on, and with it the trial, in a sentence; nil as long as it can. Readable at any time.
  var failure: String? { get }
  /// Bytes that the worker's thread has allocated in the phase so far; nil where that is not known before its end. Only by whoever joins
  /// that thread.
  var allocatedByteCount: Int? { get }
}

/// A worker with a thread of its own: the engine makes one dynamic call per run of a loop and none per message.
public protocol ThreadWorker: LoadWorker {
  /// Does the worker's part of one phase and returns when it is over. Called on the worker's own thread.
  func run(_ phase: PhaseControl)
}

extension LoadWorker {
  /// A thread of this process does not fail by itself.
  public var failure: String? { nil }

  /// What is simulated, or runs in another process, does not tell.
  public var allocatedByteCount: Int? { nil }
}

extension LoadWorker {
  /// The worker as one with a thread, as all of a plan without `simulatedClock` are.
  public var withThread: any ThreadWorker {
    guard let worker = self as? any ThreadWorker else { preconditionFailure("\(name) is simulated") }
    return worker
  }
}

/// Which side of the subject a worker is on.
public enum WorkerRole: Sendable, Equatable {
  /// Sends; ends by itself when the phase's load is sent (a client: and answered).
  case producer
  /// Receives; ends when told that nothing more will come.
  case consumer
}

/// A subject under load, as the engine sees it.
public protocol Driver: AnyObject, Sendable {
  /// The driver's name in scenario files.
  var name: String { get }
  /// What its subject can do.
  var capabilities: Capabilities { get }
  /// Declares the topology and makes one worker per producer and consumer of the plan, producers first.
  /// - Throws: `DriverError` when the subject cannot do what is asked.
  func prepare(_ plan: WorkloadPlan) throws(DriverError) -> WorkerSet
  /// What the subject says about its queues.
  func statistics() -> SubjectStatistics
  /// In a simulation: time has moved on, and the subject does what time causes.
  func advance(to now: Int64)
  /// In a simulation: when time causes something next; nil when nothing is planned.
  var nextEvent: Int64? { get }
}

extension Driver {
  /// Time causes nothing.
  public func advance(to now: Int64) {}

  /// Nothing is planned.
  public var nextEvent: Int64? { nil }
}

/// The workers of a run and the ledgers that they fill.
public struct WorkerSet: Sendable {
  /// Producers first, in the order of the plan.
  public var workers: [any LoadWorker]
  /// What was received, one per queue or ring that messages are verified over; empty for request and reply, where each
  /// client accounts for its own replies.
  public var ledgers: [SequenceLedger]
  /// What was accepted, by stream.
  public var board: StreamBoard

  /// Creates a set.
  public init(workers: [any LoadWorker], ledgers: [SequenceLedger], board: StreamBoard) {
    self.workers = workers
    self.ledgers = ledgers
    self.board = board
  }

  /// Why the trial cannot go on, in a sentence; nil as long as it can.
  public var failure: String? { workers.lazy.compactMap(\.failure).first }

  /// Messages accepted so far, once per ledger that they lead to: what must arrive in the end.
  public var acceptedCount: Int {
    ledgers.reduce(0) { sum, ledger in
      sum + ledger.streams.reduce(0) { $0 + Int(board.acceptedCount(ofStream: $1)) }
    }
  }
}
