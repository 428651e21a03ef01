import DriverInterface
import TaskWorkers

/// What a test does with the records of a lane.
final class LaneScript {
  struct Record {
    var order: LaneOrder
    var bytes: [UInt8]
  }

  /// Records that were handed over and have not come back.
  var records: [Record] = []
  /// What comes back at the next look.
  var completions: [(ticket: UInt64, remarks: LaneRemarks, bytes: [UInt8])] = []
  var depth = 1000
  var terminated: [UInt64] = []
  var stop: LaneStop?
  var failure: String?

  /// The oldest record comes back.
  func complete(_ remarks: LaneRemarks = [], _ bytes: [UInt8] = []) {
    completions.append((records.removeFirst().order.ticket, remarks, bytes))
  }

  /// The oldest record comes back as a success with this value.
  func succeed(_ value: [UInt8] = [], _ remarks: LaneRemarks = []) {
    guard let message = records.first?.bytes.taskMessage else { preconditionFailure("a record is a task") }
    complete(remarks, SeenOutcome.success(of: message, value))
  }
}

/// A lane whose worker is the test.
@safe struct ScriptedLane: TaskLane, ~Copyable {
  let script: LaneScript
  private var lent: [UnsafeMutableRawBufferPointer]

  init(_ script: LaneScript) {
    self.script = script
    unsafe lent = []
  }

  var inHandCount: Int { script.records.count + script.completions.count }

  mutating func tryHandOver(_ order: LaneOrder, _ body: MessageBody) -> LaneAdmission {
    guard script.stop == nil else { return .closed }
    guard inHandCount < script.depth else { return .full }
    script.records.append(LaneScript.Record(order: order, bytes: unsafe [UInt8](body.bytes)))
    return .taken
  }

  mutating func flush() {}

  var hasCompletions: Bool { !script.completions.isEmpty }

  mutating func nextCompletion() -> LaneCompletion? {
    guard !script.completions.isEmpty else { return nil }
    let next = script.completions.removeFirst()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, next.bytes.count), alignment: 8)
    unsafe memory.copyBytes(from: next.bytes)
    unsafe lent.append(memory)
    guard let start = memory.baseAddress else { return nil }
    return unsafe LaneCompletion(
      ticket: next.ticket, remarks: next.remarks, body: MessageBody(start: start, count: next.bytes.count))
  }

  mutating func releaseCompletions() {
    unsafe lent.forEach { unsafe $0.deallocate() }
    unsafe lent = []
  }

  mutating func attend(now: Int64) -> Int64 { .max }

  mutating func terminate(ticket: UInt64) -> Bool {
    script.terminated.append(ticket)
    return script.records.contains { $0.order.ticket == ticket }
  }

  mutating func stop(_ stop: LaneStop) { script.stop = stop }
  var isStopped: Bool { script.stop != nil && inHandCount == 0 }
  var failure: String? { script.failure }
  var replayCount: Int { 0 }
}
