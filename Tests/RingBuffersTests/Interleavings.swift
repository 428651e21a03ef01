/// Calls `body` with every order in which the steps of several programs can follow one another; program `n` has
/// `stepCounts[n]` steps and appears as often in each order.
func forEachInterleaving(of stepCounts: [Int], _ body: ([Int]) -> Void) {
  var order: [Int] = []
  func extend(_ left: [Int]) {
    var isComplete = true
    for program in left.indices where left[program] > 0 {
      isComplete = false
      var rest = left
      rest[program] -= 1
      order.append(program)
      extend(rest)
      order.removeLast()
    }
    if isComplete { body(order) }
  }
  extend(stepCounts)
}

/// A program for one end of a ring, played step by step on one thread. A claim and its publishing are two steps, so that other
/// ends get in between; the call then lasts from the one to the other.
final class SteppedProgram<Operation: Sendable> {
  private var log: HistoryLog<Operation>
  /// All of them to the end: an end that goes away changes what the others may do.
  private let steps: [(inout HistoryLog<Operation>) -> Void]
  private var doneCount = 0

  init(thread: Int, clock: HistoryClock, _ steps: [(inout HistoryLog<Operation>) -> Void]) {
    log = HistoryLog(thread: thread, clock: clock)
    self.steps = steps
  }

  func step() {
    steps[doneCount](&log)
    doneCount += 1
  }

  func takeCalls() -> [RecordedCall<Operation>] { log.takeCalls() }
}

/// A value that is not copied, shared by the steps of a program, and when the call that is under way began.
final class Shared<Value: ~Copyable> {
  var value: Value
  var begin: UInt64 = 0

  init(_ value: consuming Value) { self.value = value }
}
