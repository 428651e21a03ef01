extension ScenarioBuilder {
  /// The trials, from either spelling.
  mutating func trials(in section: Section) -> Scenario.Trials {
    let keys = KeyTable.root.key("trials")?.kind.objectKeys ?? []
    var node = root["trials"]
    // A single count is the map's `count`.
    if let scalar = node, scalar.scalar != nil {
      node = SourceNode(
        kind: .map([.init(key: "count", keyPosition: scalar.position, value: scalar)]), position: scalar.position)
    }
    let inner = Section(node, keys: keys, path: "trials", position: section.position(of: "trials"))
    // A comparison needs some: ten is the least that its tests are worth anything with.
    let count = Int(
      value(
        "count", in: inner, default: root["baseline"] == nil && root["compare"] == nil ? nil : "10",
        parse: Quantity.count,
        write: Quantity.countText, isLiteral: true))
    return .init(
      count: count, order: choice("order", in: inner),
      // A trace of millions of messages stays in the process that writes it.
      process: choice("process", in: inner, default: root["output"]?["trace"]?.scalar == nil ? nil : "shared"),
      coolDownNanoseconds: duration("cool_down", in: inner),
      timeoutNanoseconds: givenText("timeout", in: inner).map { _ in duration("timeout", in: inner) },
      stopEarly: stopEarly(count: count, in: inner), disturbed: disturbed(in: inner))
  }

  private mutating func stopEarly(count: Int, in trials: Section) -> Scenario.Trials.StopEarly? {
    guard trials.given("stop_early") != nil else { return nil }
    let section = trials.section("stop_early")
    for name in ["metric", "ci_width"] where section.given(name) == nil {
      report(
        .missingKey, "`stop_early` needs `\(name)`", at: section.position,
        "write { metric: latency.p99, ci_width: 5% }")
    }
    // What the key check found fault with stands in for itself, so that the rest is looked at.
    let metric = givenText("metric", in: section) == nil ? "throughput" : text("metric", in: section)
    let width = givenText("ci_width", in: section) == nil ? 1 : share("ci_width", in: section)
    let most = Int(
      value(
        "max", in: section, default: "\(count)", parse: Quantity.count, write: Quantity.countText, isLiteral: true))
    let least = Int(
      value(
        "min", in: section, default: "\(min(10, most))", parse: Quantity.count, write: Quantity.countText,
        isLiteral: true))
    if width == 0 {
      report(
        .outOfRange, "an interval is never as narrow as 0%", at: section.position(of: "ci_width"),
        "use more, or remove `stop_early`")
    }
    if least > most {
      report(
        .conflict, "`min` is \(least), more than the most trials, \(most)", at: section.position(of: "min"),
        "use a smaller `min` or a larger `max`")
    }
    return .init(
      metric: metric, intervalWidth: width, leastCount: least, mostCount: most)
  }

  private mutating func disturbed(in trials: Section) -> Scenario.Trials.Disturbed? {
    guard trials.given("disturbed") != nil else { return nil }
    let section = trials.section("disturbed")
    let steal = givenText("steal", in: section).map { _ in share("steal", in: section) }
    let pressure = givenText("pressure", in: section).map { _ in share("pressure", in: section) }
    if section.given("steal") == nil, section.given("pressure") == nil {
      report(
        .missingKey, "`disturbed` needs a limit", at: section.position, "write { steal: 1% } or { pressure: 20% }")
    }
    return .init(stealLimit: steal, pressureLimit: pressure, rerunLimit: Int(self.count("reruns", in: section)))
  }
}
