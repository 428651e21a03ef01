/// A sequential object that recorded calls are compared with: the meaning of a ring without its threads.
protocol SequentialModel: Hashable {
  associatedtype Operation: Sendable

  /// Carries the operation out and returns true when its recorded result is what the model would have answered.
  ///
  /// - Parameter isContended: Whether a call of another thread was under way at some moment of this one; rings without
  ///   locks may then refuse because of a neighbour that is in the middle of its own work.
  mutating func explains(_ operation: Operation, isContended: Bool) -> Bool
}

/// One call of one thread: what was asked and answered, and when.
///
/// Parts of one batch share their stamps and count up in `number`.
struct RecordedCall<Operation: Sendable>: Sendable {
  var thread: Int
  /// The place among the calls of its thread.
  var number: Int
  /// Stamps of a common counter, taken before the call and after it.
  var begin: UInt64
  var end: UInt64
  var operation: Operation
}

/// Looks for a sequential order of recorded calls: Wing and Gong, "Testing and verifying concurrent objects" (1993), with
/// the memory of Lowe, "Testing for linearizability" (2017), so that no set of done calls is tried twice with one state.
///
/// Cost: exponential in the number of calls that overlap; meant for up to 62 calls of a few threads.
struct HistorySearch<Model: SequentialModel> {
  private struct Situation: Hashable {
    var done: UInt64
    var model: Model
  }

  private let calls: [RecordedCall<Model.Operation>]
  /// For each call the set of calls that must come before it.
  private let before: [UInt64]
  private let isContended: [Bool]
  private var seen: Set<Situation> = []

  init(_ calls: [RecordedCall<Model.Operation>]) {
    precondition(calls.count < 63, "a history of \(calls.count) calls is too long to search")
    self.calls = calls
    before = calls.map { call in
      var set: UInt64 = 0
      for (index, other) in calls.enumerated() {
        let isEarlier = other.thread == call.thread ? other.number < call.number : other.end < call.begin
        if isEarlier { set |= 1 << UInt64(index) }
      }
      return set
    }
    isContended = calls.map { call in
      calls.contains { $0.thread != call.thread && $0.begin < call.end && call.begin < $0.end }
    }
  }

  /// Whether some order that respects time gives every call the answer it got, starting from `model`.
  mutating func isExplained(by model: Model) -> Bool { outcome(from: model) != nil }

  /// What became of `model` in the first such order that was found; nil when there is none.
  mutating func outcome(from model: Model) -> Model? { search(Situation(done: 0, model: model)) }

  private mutating func search(_ situation: Situation) -> Model? {
    if situation.done == (1 << UInt64(calls.count)) - 1 { return situation.model }
    guard seen.insert(situation).inserted else { return nil }
    for (index, call) in calls.enumerated() {
      let bit: UInt64 = 1 << UInt64(index)
      guard situation.done & bit == 0, before[index] & ~situation.done == 0 else { continue }
      var next = situation
      next.done |= bit
      guard next.model.explains(call.operation, isContended: isContended[index]) else { continue }
      if let outcome = search(next) { return outcome }
    }
    return nil
  }
}

extension RecordedCall: CustomStringConvertible {
  var description: String { "thread \(thread) at \(begin)-\(end): \(operation)" }
}
