import DriverInterface
import Platform
import WorkloadLoops

/// Does to one worker what its timetable says: lets it wait, slows it down, and tells its end when to die and to come back.
///
/// The worker's own thread does it, on each look for messages, so that nothing happens in the middle of a batch and the
/// loop itself knows nothing of it. Shared between the end and the worker's body, which tells it of phases.
final class WorkerFaults: @unchecked Sendable {
  // Unchecked, because: only the worker's thread uses it; phases are ordered by the engine's barriers.

  /// What the end has to do before it takes messages.
  enum Order: Equatable {
    case nothing
    /// Take messages and die with them.
    case die
    /// Go on with a new session.
    case comeBack
  }

  /// The longest sleep of a worker that waits: how late it notices that its phase is over.
  private static let longestSleepNanoseconds: Int64 = 5_000_000
  /// Waits shorter than this are spun: a sleep would take longer.
  private static let shortestSleepNanoseconds: Int64 = 100_000

  let log: InjectionLog
  let time: CycleCounter
  private let faults: [FaultInjection.WorkerFault]
  private var timetable = WorkerFaultTimetable()
  private var phase: PhaseControl?
  /// Those that slow the worker down now.
  private var slowing: [FaultInjection.WorkerFault] = []
  /// When the last messages were handed to the loop, while it is slowed down; 0 for none.
  private var tookAt: Int64 = 0
  /// Deaths that are due and have not happened, because there was nothing to die with.
  private var owedDeathCount = 0
  /// A return that its phase left no time for.
  private var owesReturn = false

  init(_ faults: [FaultInjection.WorkerFault], log: InjectionLog, time: CycleCounter) {
    self.faults = faults
    self.log = log
    self.time = time
  }

  /// A phase begins.
  func begin(_ phase: PhaseControl) {
    self.phase = phase
    timetable = WorkerFaultTimetable(faults, phase: phase.plan.name, start: phase.startNanoseconds)
    for fault in faults where fault.phase == phase.plan.name { log.expect(fault.kind) }
  }

  /// The phase is over, and with it what happened in it; a worker that was to come back does so in the next one. One that was
  /// to die for good and had nothing to die with still owes it.
  func end() {
    let now = time.now()
    for fault in slowing { note(fault, .end, now, "the phase is over") }
    slowing = []
    while let change = timetable.takeChange(dueAt: .max) {
      guard change.fault.kind == .killWorker, !change.isStart else { continue }
      owesReturn = true
      owedDeathCount = 0
    }
    timetable = WorkerFaultTimetable()
    phase = nil
  }

  /// Called before each look for messages; waits when the worker must. Reads the clock only while there is something to come.
  func look() -> Order {
    // What is left is only cleared away.
    if phase?.isReceivingOver == true { return .nothing }
    if owesReturn {
      owesReturn = false
      return .comeBack
    }
    if !slowing.isEmpty { stretch() }
    while timetable.nextNanoseconds < .max {
      guard let change = timetable.takeChange(dueAt: time.now()) else { break }
      let order = apply(change)
      if order != .nothing { return order }
    }
    return owedDeathCount > 0 ? .die : .nothing
  }

  /// Called when messages are handed to the loop.
  func took() { tookAt = slowing.isEmpty ? 0 : time.now() }

  /// The worker died with `count` messages in its hands.
  func died(holding count: Int) { died("with \(count) message\(count == 1 ? "" : "s") taken and not shown") }

  /// The worker died, or a part of it.
  func died(_ detail: String) {
    owedDeathCount = max(0, owedDeathCount - 1)
    log.note(Injection(kind: .killWorker, moment: .start, nanoseconds: time.now(), detail: detail))
  }

  /// A replacement took over.
  func cameBack() {
    log.note(Injection(kind: .killWorker, moment: .end, nanoseconds: time.now(), detail: "a new session took over"))
  }

  private func apply(_ change: WorkerFaultTimetable.Change) -> Order {
    let fault = change.fault
    switch (fault.kind, change.isStart) {
    case (.pause, true):
      pause(fault)
    case (.slowConsumer, true):
      slowing.append(fault)
      tookAt = 0
      note(fault, .start, time.now(), "\(fault.factor) times slower")
    case (.slowConsumer, false):
      slowing.removeAll { $0 == fault }
      note(fault, .end, time.now())
    case (.killWorker, true):
      owedDeathCount += 1
    case (.killWorker, false):
      // Nothing came in the meantime that it could have died with.
      guard owedDeathCount == 0 else {
        owedDeathCount = 0
        return .nothing
      }
      return .comeBack
    default: break  // The end of a pause: the worker slept until then.
    }
    return .nothing
  }

  private func pause(_ fault: FaultInjection.WorkerFault) {
    let start = time.now()
    note(fault, .start, start)
    wait(until: start + (fault.durationNanoseconds ?? 0))
    note(fault, .end, time.now())
  }

  /// As if what was done since the last look had taken `factor` times as long.
  private func stretch() {
    guard tookAt > 0 else { return }
    let now = time.now()
    let factor = slowing.reduce(1) { $0 * $1.factor }
    let extra = Double(now - tookAt) * (factor - 1)
    tookAt = 0
    wait(until: now + Int64(min(extra, 1e9)))
  }

  private func wait(until end: Int64) {
    while true {
      let left = end - time.now()
      guard left > 0, phase?.isSendingOver != true, phase?.isReceivingOver != true else { return }
      if left < Self.shortestSleepNanoseconds {
        spinHint()
      } else {
        PrecisionSleep.sleep(nanoseconds: min(left, Self.longestSleepNanoseconds))
      }
    }
  }

  private func note(
    _ fault: FaultInjection.WorkerFault, _ moment: Injection.Moment, _ nanoseconds: Int64, _ detail: String = ""
  ) {
    log.note(Injection(kind: fault.kind, moment: moment, nanoseconds: nanoseconds, detail: detail))
  }
}
