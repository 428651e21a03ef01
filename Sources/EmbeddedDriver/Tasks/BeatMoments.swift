import TaskWorkers
import WorkloadLoops

/// The scheduler of a system of tasks as the request loop sees it: when its entries are due, and what is sent then.
///
/// The subject's own beat says the moments, driven ahead of time: they are exact, and a late sending shifts none of them.
/// Owned by the beat's thread.
final class BeatMoments: DueMoments {
  /// The kinds that have a schedule, and how often each is due.
  private let entries: [(kind: Int, name: String, schedule: (Int64) throws(ScheduleError) -> IntervalSchedule)]
  private var beat: Beat<Int>?
  private var start: Int64 = 0
  /// What is due next, in order.
  private var due: [Beat<Int>.Firing] = []
  private var nextDue = 0
  /// What was told and is not sent yet.
  private var told: [Int] = []

  /// The schedules of a plan.
  init(_ tasks: WorkloadPlan.TaskPlan) {
    entries = tasks.kinds.enumerated().compactMap { kind, task in
      task.scheduleNanoseconds.map { every in
        (kind, task.name, { start throws(ScheduleError) in try IntervalSchedule(nanoseconds: every, beginning: start) })
      }
    }
  }

  func begin(at startNanoseconds: Int64) {
    start = startNanoseconds
    (due, nextDue, told) = ([], 0, [])
    do throws(ScheduleError) {
      var found: [Beat<Int>.Entry] = []
      for entry in entries {
        found.append(.init(name: entry.name, schedule: .interval(try entry.schedule(start)), payload: entry.kind))
      }
      beat = try Beat(entries: found, now: start)
    } catch {
      preconditionFailure("a validated plan has schedules with different names: \(error)")
    }
  }

  func next() -> Int64? {
    if nextDue == due.count {
      guard let moment = beat?.nextMoment else { return nil }
      due = beat?.due(now: moment) ?? []
      nextDue = 0
    }
    guard nextDue < due.count else { return nil }
    defer { nextDue += 1 }
    told.append(due[nextDue].payload)
    return due[nextDue].moment - start
  }

  /// The kind that is due at the earliest of the moments that were told and not asked for.
  func takeKind() -> Int { told.removeFirst() }
}
