extension ScenarioBuilder {
  mutating func verification(
    for workload: Scenario.Workload?, _ topology: Scenario.Topology, in section: Section
  ) -> Scenario.Verification {
    let isRing = workload?.pattern == .ring
    let result = Scenario.Verification(
      lossLimit: count("loss", in: section), duplicateLimit: count("duplicates", in: section),
      order: order(for: workload, topology, in: section),
      payload: choice("payload", in: section, default: isRing ? "none" : nil))
    if isRing, result.payload == .crc32c {
      report(
        .conflict, "items of a ring carry no checksum: every bit of them is compared",
        at: section.position(of: "payload"),
        "remove `payload`")
    }
    return result
  }

  mutating func measure(in section: Section) -> Scenario.Measure {
    let histogram = section.section("histogram")
    return .init(
      intervalNanoseconds: duration("interval", in: section),
      histogramDigits: Int(count("digits", in: histogram)),
      histogramMaxNanoseconds: duration("max", in: histogram),
      hiccupNanoseconds: duration("hiccup", in: section),
      statisticsNanoseconds: value(
        "statistics", in: section,
        parse: { text throws(QuantityError) in text == "none" ? nil : try Quantity.duration(text) },
        write: { $0.map(Quantity.durationText) ?? "none" }))
  }

  /// Statistics are read from a subject that keeps some, beside it.
  mutating func checkStatistics(
    _ measure: Scenario.Measure, of workload: Scenario.Workload, _ time: Scenario.Time, in section: Section
  ) {
    guard measure.statisticsNanoseconds != nil else { return }
    let position = section.position(of: "statistics")
    if workload.pattern == .ring {
      report(
        .conflict, "a bare ring keeps no statistics that could be read", at: position,
        "remove `statistics`, or use the pattern work_queue")
    } else if time == .virtual {
      report(
        .conflict, "in virtual time reading statistics takes no time, so it cannot disturb anything", at: position,
        "remove `statistics`, or use time: wall")
    }
  }
}
