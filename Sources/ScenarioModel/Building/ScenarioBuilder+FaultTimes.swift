extension ScenarioBuilder {
  /// When a worker's fault happens: once, or `every` so often, all within its phase.
  /// - Parameter returns: Whether what it takes away comes back by itself, at once.
  mutating func schedule(
    of kind: Scenario.Fault.Kind, returns: Bool, _ load: Scenario.Load, in section: Section
  ) -> Scenario.Fault.Schedule? {
    let length = faultLength(of: kind, in: section)
    guard let start = faultStart(load, in: section) else { return nil }
    let period = optionalDuration("every", in: section)
    let times = faultCount(period, from: start.offset, length, returns: returns, in: start.phase, section)
    let starts = (0..<times).map { start.offset + Int64($0) * (period ?? 0) }
    if let period, let length, times > 1, length > period {
      report(
        .conflict, "`every` is \(Quantity.durationText(period)), and each lasts \(Quantity.durationText(length))",
        at: section.position(of: "every"), "use a longer time, or a shorter `for`")
    }
    if let duration = start.phase.durationNanoseconds, let last = starts.last, last + (length ?? 0) > duration {
      report(
        .outOfRange,
        "the phase `\(start.phase.name)` is over after \(Quantity.durationText(duration)), and this lasts until "
          + Quantity.durationText(last + (length ?? 0)),
        at: section.position(of: times > 1 ? "times" : length == nil ? "at" : "for"),
        "use a shorter time, or begin earlier")
    }
    return .init(phase: start.phase.name, startsNanoseconds: starts, durationNanoseconds: length)
  }

  private mutating func optionalDuration(_ name: String, in section: Section) -> Int64? {
    guard givenText(name, in: section) != nil else { return nil }
    return duration(name, in: section)
  }

  private mutating func faultLength(of kind: Scenario.Fault.Kind, in section: Section) -> Int64? {
    let length = optionalDuration("for", in: section)
    if section.given("for") == nil, kind != .killWorker {
      report(
        .missingKey, "`\(kind.rawValue)` needs a length", at: section.position, "add for: 500ms")
    }
    return length
  }

  /// The phase and offset of `at`, written as `steady+10s` or `steady`.
  private mutating func faultStart(
    _ load: Scenario.Load, in section: Section
  ) -> (phase: Scenario.Phase, offset: Int64)? {
    let example = "\(load.phases.last?.name ?? "main")+1s"
    guard let text = givenText("at", in: section) else {
      if section.given("at") == nil {
        report(.missingKey, "a fault of a worker needs a time", at: section.position, "add at: \(example)")
      }
      return nil
    }
    let position = section.position(of: "at")
    let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0].split(separator: " ").joined()
    guard let phase = load.phases.first(where: { $0.name == name }) else {
      let names = load.phases.map(\.name)
      if !names.isEmpty {
        report(
          .unknownReference, "there is no phase `\(name)`", at: position,
          Spelling.suggestion(for: name, among: names) ?? "write \(example); there is \(Spelling.list(names))")
      }
      return nil
    }
    var offset: Int64 = 0
    if parts.count == 2 {
      let check = ScalarCheck(name: "at", position: position)
      if let problem = check.problem(with: parts[1], as: KeyTable.anyDuration) {
        problems.append(problem)
        return nil
      }
      offset = (try? Quantity.duration(parts[1])) ?? 0
    }
    if let duration = phase.durationNanoseconds, offset >= duration {
      report(
        .outOfRange, "the phase `\(name)` is over after \(Quantity.durationText(duration))", at: position,
        "begin earlier")
      return nil
    }
    let written = "\(name)+\(Quantity.durationText(offset))"
    record(.string(written), written, "at", in: section, isDefault: false)
    return (phase, offset)
  }

  /// How often it happens: `times`, or as often as fits into the phase.
  private mutating func faultCount(
    _ period: Int64?, from offset: Int64, _ length: Int64?, returns: Bool, in phase: Scenario.Phase, _ section: Section
  ) -> Int {
    let given = givenText("times", in: section) == nil ? nil : Int(count("times", in: section))
    guard let period else {
      if section.given("times") != nil, section.given("every") == nil {
        report(.missingKey, "`times` needs `every`", at: section.position(of: "times"), "add every: 1s")
      }
      return 1
    }
    if length == nil, section.given("for") == nil, !returns {
      report(
        .conflict, "a worker that is killed and not replaced cannot die again", at: section.position(of: "every"),
        "add for: 200ms, after which a replacement takes over")
    }
    let limit = 10_000
    if let given {
      guard given > limit else { return given }
      report(.outOfRange, "`times` is \(given); use \(limit) or less", at: section.position(of: "times"))
      return 1
    }
    guard let duration = phase.durationNanoseconds else {
      report(
        .missingKey, "the phase `\(phase.name)` has no fixed end, so `every` needs `times`",
        at: section.position(of: "every"), "add times: 3")
      return 1
    }
    return Int(min(Int64(limit), max(1, (duration - offset - (length ?? 0)) / period + 1)))
  }
}
