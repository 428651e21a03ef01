import Platform
import WorkloadLoops

/// What a reader should know before believing the figures, and cannot see from the rest of the result: how the workers
/// were made to wait, and what is not counted. The build, the cores' distance and the allocator are in the result itself, and the reports speak of
/// them.
struct RunNotes {
  let plan: WorkloadPlan

  /// Sentences, the most important first.
  var notes: [String] { crowding + pools }

  /// What the threads and children of pools use is not counted by the workers' own threads.
  private var pools: [String] {
    guard case .tasks(let tasks) = plan.pattern, tasks.laneCount > 0 else { return [] }
    let runners = tasks.pool == .processes ? "child processes" : "threads of a pool"
    return ["tasks run in \(runners), whose processor time and allocations are not in the figures per message"]
  }

  private var crowding: [String] {
    let coreCount = CPUTopology.coreCount
    guard plan.simulatedClock == nil, plan.threadCount > coreCount else { return [] }
    let waits = plan.producers.map(\.wait) + plan.consumers.map(\.wait)
    let spinningCount = waits.filter { !$0.parks }.count
    let waiting =
      spinningCount == 0
      ? "idle threads park"
      : "\(spinningCount) of the threads stay\(spinningCount == 1 ? "s" : "") on a core while waiting; use wait: park"
    return [
      "needs \(plan.threadCount) cores, has \(coreCount): the scheduler is measured too; \(waiting)"
    ]
  }
}
