import TaskWorkers
import WorkloadLoops

/// The scheduler of a system of tasks as the request loop sees it: when its entries are due, and what is sent then.
///
/// The subject's own beat says the moments, driven ahead of time: they are exact, and a late sending shifts none of them. Intervals go by
/// the run's clock. Crontabs go by one that begins where the plan says, or with the time of day, and may go faster.
/// Owned by the beat's thread.
final class BeatMoments: DueMoments {
  private typealias Schedule = WorkloadPlan.TaskPlan.Schedule

  /// Entries that go by one clock.
  private struct Line {
    var beat: Beat<Int>
    /// What the clock shows when the phase begins.
    let origin: Int64
    let speed: Double
    /// What is due next, in order.
    var due: [Beat<Int>.Firing] = []
    var nextDue = 0

    /// When the next of them is due, in nanoseconds of the run since the phase began; nil when there is none.
    mutating func next() -> Int64? {
      if nextDue == due.count {
        guard let moment = beat.nextMoment else { return nil }
        due = beat.due(now: moment)
        nextDue = 0
      }
      guard nextDue < due.count else { return nil }
      let distance = due[nextDue].moment - origin
      return speed == 1 ? distance : Int64((Double(distance) / speed).rounded())
    }

    /// The kind of the task that is due next.
    mutating func take() -> Int {
      defer { nextDue += 1 }
      return due[nextDue].payload
    }
  }

  /// The kinds that have a schedule.
  private let entries: [(kind: Int, name: String, schedule: Schedule)]
  private let clock: WorkloadPlan.TaskPlan.BeatClock
  /// The time of day at a moment of the run.
  private let timeOfDay: (Int64) -> Int64
  private var lines: [Line] = []
  /// What was told and is not sent yet.
  private var told: [Int] = []

  /// The schedules of a plan.
  /// - Parameter timeOfDay: What clocks show at a moment of the run, in nanoseconds since 1970 UTC.
  init(_ tasks: WorkloadPlan.TaskPlan, timeOfDay: @escaping (Int64) -> Int64) {
    entries = tasks.kinds.enumerated().compactMap { kind, task in task.schedule.map { (kind, task.name, $0) } }
    clock = tasks.beatClock
    self.timeOfDay = timeOfDay
  }

  func begin(at startNanoseconds: Int64) {
    told = []
    let origin = clock.fromNanoseconds ?? timeOfDay(startNanoseconds)
    do throws(ScheduleError) {
      var intervals: [Beat<Int>.Entry] = []
      var crontabs: [Beat<Int>.Entry] = []
      for entry in entries {
        switch entry.schedule {
        case .every(let period):
          let interval = try IntervalSchedule(nanoseconds: period, beginning: startNanoseconds)
          intervals.append(.init(name: entry.name, schedule: .interval(interval), payload: entry.kind))
        case .crontab(let fields, let timeZone):
          let crontab = try Crontab(
            minute: fields[0], hour: fields[1], dayOfWeek: fields[2], dayOfMonth: fields[3], monthOfYear: fields[4],
            zone: ScheduleZone(identifier: timeZone))
          crontabs.append(.init(name: entry.name, schedule: .crontab(crontab), payload: entry.kind))
        }
      }
      lines = [
        Line(beat: try Beat(entries: intervals, now: startNanoseconds), origin: startNanoseconds, speed: 1),
        Line(beat: try Beat(entries: crontabs, now: origin), origin: origin, speed: clock.speed),
      ]
    } catch {
      preconditionFailure("a validated plan has schedules with different names: \(error)")
    }
  }

  func next() -> Int64? {
    var first: (line: Int, moment: Int64)?
    for index in lines.indices {
      guard let moment = lines[index].next(), moment < first?.moment ?? .max else { continue }
      first = (index, moment)
    }
    guard let first else { return nil }
    told.append(lines[first.line].take())
    return first.moment
  }

  /// The kind that is due at the earliest of the moments that were told and not asked for.
  func takeKind() -> Int { told.removeFirst() }
}
