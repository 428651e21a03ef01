public import DriverInterface
import Platform
public import TaskWorkers
import WorkloadLoops

/// The inside of a child of the pool `processes`: runs the built-in tasks of the plan that its parent wrote for it, until the parent is
/// gone or has had enough of it.
///
/// The moments in its results are on its parent's axis: both count from `CLOCK_MONOTONIC`, which is one for the whole machine, with
/// the same calibration.
public struct TaskChildProcess {
  /// The process that this one is.
  public init() {}

  /// Serves until the parent says that it is enough.
  /// - Throws: `DriverError` when nobody has started this process for that.
  public func run() throws(DriverError) { try run { $0 } }

  /// Serves with something between the lane and the tasks, such as a double that breaks what children promise.
  /// - Parameter wrap: Makes it, around the handler of the plan's tasks.
  /// - Throws: as `run()`.
  public func run<Handler: LaneHandler & ~Copyable>(
    in wrap: (consuming TaskLaneHandler) -> Handler
  ) throws(DriverError) {
    do {
      let memory = TaskChildMemory(attaching: try TaskChild.attachment())
      try TaskChild.run {
        PrecisionSleep.setTimerSlack(nanoseconds: 1)
        // Not before: the calibration of the parent has been taken over by now.
        return wrap(try Self.makeHandler(memory, time: CycleCounter.shared))
      }
    } catch {
      throw DriverError(.notSupported, "\(error)")
    }
  }

  private static func makeHandler(_ memory: TaskChildMemory, time: CycleCounter) throws -> TaskLaneHandler {
    let recipe = try memory.recipe(time: time)
    let findings = FindingLog()
    let tally = memory.tally
    let decoder = ArgumentDecoder(recipe.plan, recordingIn: memory.decodeTime(recipe))
    let bodies = recipe.kinds.map {
      TaskBody($0, of: recipe.plan, decoder: decoder, tally: tally, findings: findings)
    }
    let registry = TaskRegistry(
      recipe.kinds, bodies, recipe.plan.producers[0].encoding, inputs: recipe.inputs, countingIn: tally)
    return TaskLaneHandler(registry: registry, clock: time)
  }
}
