import DriverInterface

/// When the faults of one worker begin and end in one phase, in order of time. Reads no clock.
struct WorkerFaultTimetable {
  /// The beginning or the end of one fault.
  struct Change: Equatable {
    var nanoseconds: Int64
    var fault: FaultInjection.WorkerFault
    var isStart: Bool
  }

  /// The latest first, so that the next is taken from the end.
  private var changes: [Change]

  /// A timetable without entries.
  init() { changes = [] }

  /// The entries of the phase `name`, which starts at `start` on the run's time source.
  init(_ faults: [FaultInjection.WorkerFault], phase name: String, start: Int64) {
    changes = faults.filter { $0.phase == name }.flatMap { fault in
      let begin = start + fault.startNanoseconds
      let first = Change(nanoseconds: begin, fault: fault, isStart: true)
      return [first]
        + (fault.durationNanoseconds.map { [Change(nanoseconds: begin + $0, fault: fault, isStart: false)] } ?? [])
    }
    // An end comes before a beginning at the same time: faults that follow one another do not overlap.
    changes.sort { ($0.nanoseconds, $0.isStart ? 1 : 0) > ($1.nanoseconds, $1.isStart ? 1 : 0) }
  }

  /// When the next change is due; `Int64.max` when there is none left.
  var nextNanoseconds: Int64 { changes.last?.nanoseconds ?? .max }

  /// Takes the next change, if it is due.
  mutating func takeChange(dueAt now: Int64) -> Change? {
    guard let next = changes.last, next.nanoseconds <= now else { return nil }
    return changes.removeLast()
  }
}
