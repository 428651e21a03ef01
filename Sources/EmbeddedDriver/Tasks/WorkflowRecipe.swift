import TaskWorkers
import WorkloadLoops

/// What sending one kind of task means: the task itself, or all tasks of its workflow, numbered from 0 as a reader meets them.
struct WorkflowRecipe: Sendable {
  private indirect enum Step: Sendable {
    case task(member: Int)
    case chain([Step])
    case group([Step])
    case chord([Step], Step)
  }

  /// By member: its kind.
  private(set) var kinds: [Int] = []
  /// By member: how many results it gets from the tasks before it.
  private(set) var inputCounts: [Int] = []
  /// The members whose results are the workflow's.
  private(set) var ends: [Int] = []
  /// Whether it is more than a task.
  let isWorkflow: Bool
  private let step: Step

  /// What sending tasks of this kind of the plan means.
  init(_ kind: Int, of tasks: WorkloadPlan.TaskPlan) {
    isWorkflow = tasks.kinds[kind].workflow != nil
    var builder = Builder(tasks: tasks)
    let (step, ends) = builder.add(kind, inputCount: 0)
    self.step = step
    self.ends = ends
    kinds = builder.kinds
    inputCounts = builder.inputCounts
  }

  /// The workflow, of a signature for each member.
  func workflow(_ signature: (_ member: Int) -> Signature) -> Workflow {
    func workflow(_ step: Step) -> Workflow {
      switch step {
      case .task(let member): .task(signature(member))
      case .chain(let steps): .chain(steps.map(workflow))
      case .group(let members): .group(members.map(workflow))
      case .chord(let header, let body): .chord(header: header.map(workflow), body: workflow(body))
      }
    }
    return workflow(step)
  }

  private struct Builder {
    let tasks: WorkloadPlan.TaskPlan
    var kinds: [Int] = []
    var inputCounts: [Int] = []

    /// Adds a kind that gets so many results; returns what it is, and the members whose results are its own.
    mutating func add(_ kind: Int, inputCount: Int) -> (step: Step, ends: [Int]) {
      switch tasks.kinds[kind].workflow {
      case nil:
        kinds.append(kind)
        inputCounts.append(inputCount)
        return (.task(member: kinds.count - 1), [kinds.count - 1])
      case .chain(let kinds):
        var steps: [Step] = []
        var ends: [Int] = []
        for (index, kind) in kinds.enumerated() {
          let (step, stepEnds) = add(kind, inputCount: index == 0 ? inputCount : ends.count)
          steps.append(step)
          ends = stepEnds
        }
        return (.chain(steps), ends)
      case .group(let members):
        let (steps, ends) = side(by: members, inputCount)
        return (.group(steps), ends)
      case .chord(let header, let body):
        let (steps, results) = side(by: header, inputCount)
        let (last, ends) = add(body, inputCount: results.count)
        return (.chord(steps, last), ends)
      }
    }

    private mutating func side(by members: [Int], _ inputCount: Int) -> (steps: [Step], ends: [Int]) {
      let added = members.map { add($0, inputCount: inputCount) }
      return (added.map(\.step), added.flatMap(\.ends))
    }
  }
}
