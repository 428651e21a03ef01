import Platform
import WorkloadLoops

/// What a worker is beside its tasks.
struct TaskServeSetting {
  /// The most tasks of a step.
  var batchCount: Int
  var wait: WorkloadPlan.Wait
  var time: CycleCounter
  var meters: WorkerMeters
  /// What its built-in tasks count.
  var tally: TaskTally
  /// Whether they count their attempts, which must not be more than the worker knows of.
  var countsAttempts: Bool
  /// Whether they run in other processes, whose findings nobody sees.
  var hasChildren: Bool
  /// What happens to it.
  var faults: WorkerFaults?
  /// Decides what a fault hits.
  var seed: UInt64
  /// Where it says why it cannot go on.
  var loss: WorkerLoss
}
