extension ScenarioBuilder {
  /// The keys that only some loads have, and which.
  private static let companions: [String: [String]] = [
    "steps": ["constant", "poisson"], "peak": ["constant", "poisson"], "amplitude": ["constant", "poisson"],
    "period": ["constant", "poisson"], "every": ["burst"], "speed": ["trace"],
  ]

  /// Reports keys that the load `kind` has no use for.
  mutating func refuseStrayCompanions(of kind: String, in section: Section) {
    for entry in section.node?.entries ?? [] {
      guard let kinds = Self.companions[entry.key], !kinds.contains(kind) else { continue }
      report(
        .keyWithoutEffect, "`\(kind)` has no use for `\(entry.key)`", at: entry.keyPosition,
        "remove it; it belongs to \(kinds.joined(separator: " and "))")
    }
  }

  /// A rate that stays, or that changes as a ramp, in stairs, as a spike or as a wave; `name` is `constant` or `poisson`.
  mutating func rateKind(_ name: String, _ text: String, in section: Section) -> Scenario.Phase.Kind? {
    let shapes = ["steps", "peak", "amplitude", "period"].compactMap { section.node?.entry($0) }
    guard let ramp = try? Quantity.ramp(text) else {
      let base = value(name, in: section, parse: Quantity.rate, write: Quantity.rateText)
      guard let first = shapes.first else {
        return name == "poisson" ? .poisson(ratePerSecond: base) : .constant(ratePerSecond: base)
      }
      return shape(of: base, first, shapes, in: section).map {
        .varying(.init(isPoisson: name == "poisson", basePerSecond: base, shape: $0))
      }
    }
    record(
      .string("\(Quantity.rateText(ramp.from))..\(Quantity.rateText(ramp.to))"),
      "\(Quantity.rateText(ramp.from))..\(Quantity.rateText(ramp.to))", name, in: section, isDefault: false)
    if let other = shapes.first(where: { $0.key != "steps" }) {
      report(
        .conflict, "a ramp has no `\(other.key)`", at: other.keyPosition,
        "write one rate instead of a ramp, or remove `\(other.key)`")
      return nil
    }
    var shape = Scenario.VaryingRate.Shape.ramp(toPerSecond: ramp.to)
    if section.given("steps") != nil {
      guard givenText("steps", in: section) != nil else { return nil }
      shape = .stairs(toPerSecond: ramp.to, count: Int(count("steps", in: section)))
    }
    return .varying(.init(isPoisson: name == "poisson", basePerSecond: ramp.from, shape: shape))
  }

  private mutating func shape(
    of base: Double, _ first: SourceNode.Entry, _ all: [SourceNode.Entry], in section: Section
  ) -> Scenario.VaryingRate.Shape? {
    if first.key == "steps" {
      report(
        .conflict, "`steps` makes stairs of a ramp, and \(Quantity.rateText(base)) is none", at: first.keyPosition,
        "write a ramp such as 10k/s..60k/s, or remove `steps`")
      return nil
    }
    guard first.key == "peak" else { return wave(around: base, in: section) }
    if let other = all.dropFirst().first {
      report(
        .conflict, "a load with a `peak` is a spike, and `\(other.key)` belongs to a wave", at: other.keyPosition,
        "keep one of them, or make two phases of them")
      return nil
    }
    guard givenText("peak", in: section) != nil else { return nil }
    let peak = value("peak", in: section, parse: Quantity.rate, write: Quantity.rateText)
    if peak <= base {
      report(
        .outOfRange, "a peak of \(Quantity.rateText(peak)) is not above the rate of \(Quantity.rateText(base))",
        at: section.position(of: "peak"), "use a higher peak")
      return nil
    }
    return .spike(peakPerSecond: peak)
  }

  private mutating func wave(around base: Double, in section: Section) -> Scenario.VaryingRate.Shape? {
    for (name, other, example) in [("amplitude", "period", "1s"), ("period", "amplitude", "50%")]
    where section.given(other) == nil {
      report(
        .missingKey, "a wave needs `\(other)` beside `\(name)`", at: section.node?.entry(name)?.keyPosition ?? start,
        "add \(other): \(example)")
      return nil
    }
    guard let text = givenText("amplitude", in: section), givenText("period", in: section) != nil else { return nil }
    let amplitude: Double
    if let share = try? Quantity.share(text), text.hasSuffix("%") {
      amplitude = base * share
      record(.string(text), text, "amplitude", in: section, isDefault: false)
    } else {
      amplitude = value("amplitude", in: section, parse: Quantity.rate, write: Quantity.rateText)
    }
    if amplitude > base {
      report(
        .outOfRange, "an amplitude of \(Quantity.rateText(amplitude)) takes the rate below 0",
        at: section.position(of: "amplitude"), "use \(Quantity.rateText(base)) or less")
      return nil
    }
    return .wave(amplitudePerSecond: amplitude, periodNanoseconds: duration("period", in: section))
  }

  /// Messages at once, every so often.
  mutating func burst(_ entry: SourceNode.Entry, in section: Section) -> Scenario.Phase.Kind? {
    guard section.given("every") != nil else {
      report(
        .missingKey, "`burst` does not say how often", at: entry.keyPosition, "add every: 100ms")
      return nil
    }
    guard givenText("every", in: section) != nil else { return nil }
    let (messages, period) = (count("burst", in: section), duration("every", in: section))
    if Double(messages) / Double(period) > 1_000 {
      report(
        .outOfRange,
        "\(messages) messages every \(Quantity.durationText(period)) are more than any machine sends",
        at: entry.value.position,
        "use a smaller burst or a longer time")
    }
    return .burst(messageCount: messages, periodNanoseconds: period)
  }

  /// Messages that pile up before any is received.
  mutating func backlog(
    _ text: String, in section: Section, _ workload: Scenario.Workload?, _ topology: Scenario.Topology
  ) -> Scenario.Phase.Kind? {
    refuseTime(beside: "backlog: \(text)", in: section)
    let messageCount = count("backlog", in: section)
    if let workload { checkBacklog(messageCount, workload, topology, at: section.position(of: "backlog")) }
    return .backlog(messageCount: messageCount)
  }

  /// A phase that is a number of messages has no time.
  mutating func refuseTime(beside load: String, in section: Section) {
    guard let duration = section.node?.entry("for") else { return }
    report(
      .conflict, "`\(load)` is a number of messages and `for` is a time; a phase ends by one of them",
      at: duration.keyPosition, "remove `for`, or write saturate: true")
  }

  private mutating func checkBacklog(
    _ messageCount: Int64, _ workload: Scenario.Workload, _ topology: Scenario.Topology, at position: SourcePosition
  ) {
    if workload.pattern.hasAnswers {
      report(
        .conflict, "`backlog` holds the servers, and requests would time out meanwhile", at: position,
        "use in_flight, or the pattern work_queue")
    } else if let ring = workload.ring, messageCount > ring.capacity {
      report(
        .conflict, "a backlog of \(messageCount) never fits into a ring of \(ring.capacity)", at: position,
        "use a backlog of \(ring.capacity) or less, or a larger capacity")
    }
    let reached = Set(
      workload.producerGroups.flatMap { group in
        group.keys.flatMap { topology.queues(reachedBy: $0, of: group) }
      })
    if let queue = topology.queues.first(where: { reached.contains($0.name) && $0.messageCountLimit < messageCount }) {
      report(
        .conflict,
        "a backlog of \(messageCount) may not fit into `\(queue.name)`, whose max_length is \(queue.messageCountLimit)",
        at: position, "use max_length: \(messageCount) or more, or a smaller backlog")
    }
    let largest = workload.producerGroups.map(\.payloadByteCount).max() ?? 0
    if workload.ring == nil, messageCount > (512 << 20) / Int64(max(1, largest)) {
      report(
        .outOfRange,
        "a backlog of \(messageCount) messages of up to \(Quantity.sizeText(Int64(largest))) takes more than "
          + "512MiB", at: position, "use a smaller backlog or payload")
    }
  }
}
