public import Serialization

/// How an application of tasks is set up, by the names of the field where it has them.
public struct ApplicationSettings: Sendable {
  /// What it calls itself in events and in the origin of its messages.
  public var name = "ringside"
  /// Where tasks go that say nothing else: `task_default_queue`.
  public var defaultQueue = "tasks"
  /// Queues of tasks by the tasks' names, in full: `task_routes`. A map has a name of its own, `<name>.map`.
  public var routes: [String: String] = [:]
  /// The exchange that calls with a `routing_key` are published on: `task_default_exchange`. Declared as a direct one, unless empty:
  /// then the key is a queue's name.
  public var exchange = ""
  /// Queues to declare, beside the default one and those of `routes`.
  public var queues: [String] = []
  /// How many tasks a queue holds; nil for the subject's default.
  public var queueLength: Int?
  /// The highest priority of the queues; nil for queues without, which pay no attention to priorities: `x-max-priority`.
  public var highestPriority: Int?
  /// Where messages go that no worker can do anything with; nil for nowhere: then they are dropped, and counted by the queue.
  public var deadLetters: DeadLetterSettings?
  /// Content types that its workers accept, all of them at first: a task's message with arguments, or results of the tasks before it, of
  /// another type is rejected without being decoded, and goes to the dead letters if there are any: `accept_content`.
  public var acceptContent = Set(Serializer.allCases)
  /// Content types of results that its handles decode; nil for those of `acceptContent`: `result_accept_content`.
  public var resultAcceptContent: Set<Serializer>?
  /// How long a call waits for room in a full queue.
  public var sendTimeout = Duration.seconds(10)
  /// How long a result is kept for its handle, unless the task's options say otherwise (`TaskOptions.resultExpires`); zero for as long as
  /// the handle: `result_expires`.
  public var resultExpires = Duration.seconds(86_400)
  /// Handles that may be held at a time. As many results may wait to be taken in; those beyond are lost, and counted
  /// (`ResultStatistics.refused`).
  public var resultLimit = 1_048_576
  /// Chords whose members have not all ended: how many, with how many bytes of bodies and results, and how long they wait.
  public var chordLimits = ChordLedger.Limits()
  /// Whether the application and its nodes begin with publishing events. `enable_events` and `disable_events` change it for the nodes
  /// that they are sent to; the application says what it sends as long as one of its nodes publishes.
  public var sendsEvents = false
  /// Seed of the identities of its tasks; nil for one that nobody can foresee.
  public var seed: UInt64?

  /// The defaults.
  public init() {}
  /// The defaults with changes: `ApplicationSettings { $0.defaultQueue = "mail" }`.
  public init(_ change: (inout ApplicationSettings) -> Void) { change(&self) }

  /// All queues of tasks, each once.
  var allQueues: [String] {
    var known: Set<String> = []
    return ([defaultQueue] + queues + routes.values.sorted()).filter { known.insert($0).inserted }
  }
}
