import Schedules

extension ScenarioBuilder {
  private static let crontabFields = CrontabField.allCases.map(\.rawValue)

  /// When the beat sends a task; nil for never.
  mutating func schedule(in section: Section) -> Scenario.TaskSchedule? {
    guard let node = section.node?["schedule"], case .map = node.kind else { return nil }
    let inner = section.section("schedule")
    let kinds = node.entries.filter {
      $0.key == "every" || $0.key == "crontab" || Self.crontabFields.contains($0.key)
    }
    guard let first = kinds.first else {
      let isMisspelt = node.entries.contains { inner.keys.key($0.key) == nil }
      if !isMisspelt {
        report(
          .missingKey, "`schedule` says nothing about when", at: node.position,
          "write { every: 100ms } or { crontab: \"*/5 * * * *\" }")
      }
      return Self.standIn
    }
    let isByFields = Self.crontabFields.contains(first.key)
    if let other = kinds.first(where: { $0.key != first.key && !(isByFields && Self.crontabFields.contains($0.key)) }) {
      report(
        .conflict,
        "`schedule` is one of `every`, `crontab` and a crontab's fields, not `\(first.key)` and `\(other.key)`",
        at: other.keyPosition, "keep one of them")
      return Self.standIn
    }
    guard first.key == "every" else { return crontab(in: inner) ?? Self.standIn }
    if let zone = node.entry("timezone") {
      report(
        .keyWithoutEffect, "`every` goes by no clock on a wall, so that `timezone` has no say", at: zone.keyPosition,
        "remove it")
    }
    return givenText("every", in: inner) == nil ? Self.standIn : .every(duration("every", in: inner))
  }

  /// What stands for a schedule that was refused, so that what goes with it is still checked: due in any phase.
  private static let standIn = Scenario.TaskSchedule.every(1)

  private mutating func crontab(in section: Section) -> Scenario.TaskSchedule? {
    let (name, zone) = timeZone(in: section)
    let expression: CrontabExpression?
    if givenText("crontab", in: section) != nil {
      let line = text("crontab", in: section)
      expression = crontab(in: section) { () throws(CrontabError) in try CrontabExpression(line: line) }
    } else {
      var fields: [CrontabField: String] = [:]
      for field in CrontabField.allCases where givenText(field.rawValue, in: section) != nil {
        fields[field] = text(field.rawValue, in: section)
      }
      // Without one they were refused for what they are.
      guard !fields.isEmpty else { return nil }
      expression = crontab(in: section) { () throws(CrontabError) in try CrontabExpression(fields) }
    }
    guard let zone, let expression else { return nil }
    return .crontab(.init(timeZone: name, expression: expression, zone: zone))
  }

  /// What `read` returns; nil when that says what is wrong, which is reported where it is written.
  private mutating func crontab(
    in section: Section, _ read: () throws(CrontabError) -> CrontabExpression
  ) -> CrontabExpression? {
    do throws(CrontabError) {
      return try read()
    } catch {
      for problem in error.problems {
        let node = section.given("crontab") ?? problem.field.flatMap { section.given($0.rawValue) }
        report(
          .invalidValue, problem.sentence, at: node?.position(at: problem.offset) ?? section.position,
          problem.field == nil ? "write \"*/5 * * * *\" for every five minutes" : nil)
      }
      return nil
    }
  }

  private mutating func timeZone(in section: Section) -> (name: String, zone: NamedZone?) {
    let name = text("timezone", in: section)
    if let zone = NamedZone(identifier: name) { return (name, zone) }
    report(
      .invalidValue, "there is no time zone `\(name)`", at: section.position(of: "timezone"),
      Spelling.suggestion(for: name, among: NamedZone.knownIdentifiers)
        ?? "use a name of the time zone database, such as Europe/Berlin")
    return (name, nil)
  }

  // MARK: - The clock

  private static let speedLimit = 1_000_000.0

  /// The clock that crontabs go by.
  mutating func beatClock(in workload: Section) -> Scenario.BeatClock {
    var clock = Scenario.BeatClock()
    let hasCrontabs = (workload.node?["tasks"]?.entries ?? []).contains { task in
      (task.value["schedule"]?.entries ?? []).contains {
        $0.key == "crontab" || Self.crontabFields.contains($0.key)
      }
    }
    let section = workload.section("beat")
    guard hasCrontabs else {
      if let beat = workload.node?.entry("beat") {
        report(
          .keyWithoutEffect, "no task has a crontab, so that `beat` has no say", at: beat.keyPosition,
          "remove it, or give a task schedule: { crontab: \"*/5 * * * *\" }")
      }
      return clock
    }
    clock.speed = number("speed", in: section)
    let isRefused = section.given("speed") != nil && givenText("speed", in: section) == nil
    if clock.speed > Self.speedLimit {
      report(
        .outOfRange, "`speed` is \(Quantity.decimalText(clock.speed)); use 1000000 or less",
        at: section.position(of: "speed"))
    }
    // So that what is due is not doubted on top of it.
    if isRefused { clock.speed = Self.speedLimit }
    guard let from = givenText("from", in: section) else { return clock }
    clock.fromSeconds = UTCMoment(from)?.seconds
    if clock.fromSeconds == nil {
      report(
        .invalidValue, "`\(from)` is no moment; `from` is a day, or a day and a time of day in UTC",
        at: section.position(of: "from"), "write 2026-10-25T00:00:00Z")
    }
    _ = text("from", in: section)
    return clock
  }

  // MARK: - In a phase

  /// A schedule needs a phase that lasts until it is due, and the beat's tasks alone need no load beside it.
  mutating func checkSchedules(_ load: Scenario.Load, of workload: Scenario.Workload, in section: Section) {
    for task in workload.tasks {
      guard let schedule = task.schedule else { continue }
      for phase in load.phases where !phase.isWarmup {
        guard let duration = phase.durationNanoseconds else {
          report(
            .conflict, "`\(task.name)` is sent by a schedule, and the phase `\(phase.name)` has no time to be over",
            at: phase.source, "use a load with `for`")
          return
        }
        guard let problem = Self.problem(of: task.name, schedule, workload.beatClock, phase.name, duration) else {
          continue
        }
        report(.conflict, problem.message, at: task.source, problem.suggestion)
        return
      }
    }
    guard workload.isSentByBeatAlone else { return }
    for phase in load.phases where phase.kind != .schedule && !phase.isWarmup {
      report(
        .keyWithoutEffect, "the beat sends every task, so that the load of `\(phase.name)` has nothing to send",
        at: phase.source, "keep `for` alone, or give a task a `weight`")
    }
  }

  /// Why a task might not be sent once in a phase; nil when it is.
  private static func problem(
    of task: String, _ schedule: Scenario.TaskSchedule, _ clock: Scenario.BeatClock, _ phase: String,
    _ duration: Int64
  ) -> (message: String, suggestion: String)? {
    let lasting = "the phase `\(phase)` lasts \(Quantity.durationText(duration))"
    switch schedule {
    case .every(let period):
      guard duration <= period else { return nil }
      return (
        "`\(task)` is due every \(Quantity.durationText(period)), and \(lasting): it would never be sent",
        "use a shorter `every`, or a longer phase"
      )
    case .crontab(let crontab):
      let seconds = clock.seconds(of: duration)
      let pace = clock.speed == 1 ? "" : ", \(Quantity.decimalText(clock.speed)) times as fast"
      if let from = clock.fromSeconds {
        guard schedule.dueCount(in: duration, by: clock, limit: 1) == 0 else { return nil }
        let first = schedule.firstDueText(by: clock).map { "first due at \($0) in \(crontab.timeZone)" } ?? "never due"
        return (
          "`\(task)` is \(first), and \(lasting)\(pace), from \(UTCMoment(seconds: from).text) on: it would never be sent",
          "use another beat.from, a higher beat.speed, or a longer phase"
        )
      }
      let gap = crontab.expression.shortestGap
      guard seconds < Double(gap) else { return nil }
      let speed = Int((2 * Double(gap) * 1e9 / Double(duration)).rounded(.up))
      return (
        "`\(task)` is due no more often than every \(Quantity.durationText(Int64(gap) * 1_000_000_000)), and \(lasting)\(pace): "
          + "whether it is ever sent would depend on when the run is started",
        "say what the beat's clock shows and how fast it goes: workload.beat: "
          + "{ from: 2026-10-25T00:00:00Z, speed: \(min(speed, Int(Self.speedLimit))) }"
      )
    }
  }
}
