import Distributions
import Platform
import RingBuffers
import Serialization
import TaskWorkers
import WorkloadLoops

/// The books of a system of tasks whose results do not say all: workers enter how each task of a workflow ended, and each task without a
/// result, and the client that asked for it reads that.
///
/// They lie beside the subject, so that it is not measured with traffic that nobody asked it for.
/// Roles: any worker enters; each client reads what is about its own tasks. Never allocates after `init`.
final class TaskBooks: Sendable {
  /// How a task ended.
  struct Entry: BitwiseCopyable, Sendable {
    enum Ending: UInt8, BitwiseCopyable, Sendable {
      case succeeded, failed, expired, revoked
      /// What it returned is not what it was to return.
      case damaged
      /// A task before it failed: it will never run.
      case cancelled
    }

    var number: SequenceNumber
    var kind: UInt16
    var member: UInt16
    var ending: Ending
    /// Whether an earlier worker may have had it too.
    var isRedelivered: Bool
    /// When its handler began, and when the task ended; the first is 0 for one that did not return.
    var startNanoseconds: Int64
    var endNanoseconds: Int64
  }

  /// By kind of the plan.
  let recipes: [WorkflowRecipe]
  /// By kind: whether its tasks are entered.
  let isBooked: [Bool]
  /// By stream.
  private let rings: [ManyToOneRing<Entry>]
  /// Says what follows a task.
  let desk: Guarded<WorkflowDesk>

  /// Entries that may wait for a client.
  private static let capacity = 1 << 16

  /// Books without an entry.
  init(_ tasks: WorkloadPlan.TaskPlan, clientCount: Int, encoding: PayloadEncoding, seed: UInt64) {
    recipes = tasks.kinds.indices.map { WorkflowRecipe($0, of: tasks) }
    isBooked = tasks.kinds.map { $0.workflow != nil || $0.ignoresResult }
    rings = (0..<clientCount).map { _ in ManyToOneRing(capacity: Self.capacity) }
    // What its messages are completed with; nothing is run by it.
    var known = TaskRegistry()
    for kind in tasks.kinds where kind.workflow == nil {
      known.register(kind.name, options: TaskOptions(kind, encoding)) { _, _ in }
    }
    desk = Guarded(WorkflowDesk(identifiers: TaskIdentifierSource(seed: seed, stream: 1 << 32), registry: known))
  }

  /// The end of a client; one for each.
  func makeReader(stream: Int) -> ManyToOneRing<Entry>.Consumer { rings[stream].makeConsumer() }

  /// Makes an entry. One that its client has no room for, after a while, is left out, and the task counts as lost.
  func enter(_ entry: Entry) {
    guard entry.number.stream < rings.count else { return }
    var producer = rings[entry.number.stream].makeProducer()
    for _ in 0..<Self.attempts {
      if producer.tryPush(entry) { return }
      PrecisionSleep.sleep(nanoseconds: 50_000)
    }
  }

  /// How often an entry is offered: for about as long as a client may be asleep.
  private static let attempts = 1000
}
