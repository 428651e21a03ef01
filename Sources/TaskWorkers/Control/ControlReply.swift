/// What one worker answers to a command.
public struct ControlReply: Sendable, Equatable {
  /// What is answered.
  public enum Answer: Sendable, Equatable {
    /// Done; the text says what.
    case ok(String)
    /// Not done; the text says why.
    case error(String)
    /// To `ping`.
    case pong
    /// To `active`, `reserved` and `scheduled`.
    case tasks([TaskSummary])
    /// To `registered` and `active_queues`.
    case names([String])
    /// To `revoked`: the newest of them, the newest first, at most `identifierLimit`; and how many there are.
    case identifiers([TaskIdentifier], total: Int)
    /// To `query_task`: those tasks that the worker knows.
    case standings([TaskStanding])
    /// To `stats`.
    case statistics(WorkerStatistics)
    /// To `conf`.
    case configuration([String: String])
  }

  /// How many identifiers an answer has at most, so that it fits into a message.
  public static let identifierLimit = 10_000

  /// Who answers.
  public var worker: String
  /// The request's.
  public var ticket: UInt64
  /// What is answered.
  public var answer: Answer

  /// A reply.
  public init(worker: String, ticket: UInt64, answer: Answer) {
    self.worker = worker
    self.ticket = ticket
    self.answer = answer
  }
}

/// A task in a worker's hands.
public struct TaskSummary: Sendable, Equatable {
  /// Its identity.
  public var id: TaskIdentifier
  /// Its name.
  public var name: String
  /// Which attempt, from 0.
  public var retries: UInt32
  /// When it began or may begin, in nanoseconds of the worker's clock (see `TaskApplication.now`); 0 when there is nothing to say.
  public var moment: Int64

  /// A summary.
  public init(id: TaskIdentifier, name: String, retries: UInt32 = 0, moment: Int64 = 0) {
    self.id = id
    self.name = name
    self.retries = retries
    self.moment = moment
  }
}

/// Where a task is in a worker.
public struct TaskStanding: Sendable, Equatable {
  /// The field's words for it.
  public enum Place: String, Sendable, CaseIterable {
    /// It is being executed.
    case active
    /// It was taken and waits for its turn.
    case reserved
    /// It waits for its time.
    case scheduled
    /// It was called off.
    case revoked
  }

  /// The task.
  public var id: TaskIdentifier
  /// Where it is.
  public var place: Place

  /// A standing.
  public init(id: TaskIdentifier, place: Place) {
    self.id = id
    self.place = place
  }
}

/// What a worker has done since it began.
public struct WorkerStatistics: Sendable, Equatable {
  /// Which pool executes its tasks.
  public var pool = ""
  /// How many tasks it executes at a time.
  public var concurrency = 0
  /// How many tasks it may have taken and not ended, those that it executes included.
  public var prefetchCount = 0
  /// How long it has been running, in nanoseconds.
  public var uptimeNanoseconds: Int64 = 0
  /// Tasks finished, by their outcome's name (`SUCCESS`, `FAILURE` …).
  public var totals: [String: UInt64] = [:]

  /// Nothing done.
  public init() {}

  /// Tasks finished, whatever became of them.
  public var processed: UInt64 { totals.values.reduce(0, +) }
}
