import TaskWorkers

/// An observer that notes what it is told.
final class TaskListener: WorkerObserver {
  var hearsTasks: Bool
  let running: RunningTask? = RunningTask()
  var heard: [String] = []

  init(hearsTasks: Bool = true) { self.hearsTasks = hearsTasks }

  func taskReceived(_ envelope: TaskEnvelope, now: Int64) { heard.append("received") }
  func taskStarted(_ envelope: TaskEnvelope, now: Int64) { heard.append("started") }
  func taskEnded(_ envelope: TaskEnvelope, _ outcome: TaskOutcome, runtimeNanoseconds: Int64, now: Int64) {
    heard.append("\(outcome.state)")
  }
  func taskGivenBack(_ envelope: TaskEnvelope, now: Int64) { heard.append("given back") }
  func consequences(of message: TaskMessage, _ outcome: TaskOutcome, now: Int64) -> TaskConsequences {
    heard.append("asked")
    return TaskConsequences()
  }
}
