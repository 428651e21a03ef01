extension KeyTable {
  static let trials: [ScenarioKey] = [
    .init(
      "count", .count(1...10_000), default: "1",
      "How many of each variant; 10 with `baseline` or `compare` when left out"),
    .init(
      "order", .choice(["randomised", "paired", "sequential"]), default: "randomised",
      "How variants take turns: rounds in random order, forth or back by lot (a, b, b, a or b, a, a, b) for pairs, or one variant after the other"
    ),
    .init(
      "process", .choice(["fresh", "shared"]), default: "fresh",
      "Whether each trial has a process of its own, with a memory layout of its own; `shared` with `output.trace`. The first trial of a shared one is run once more before, and does not count"
    ),
    .init("cool_down", anyDuration, default: "0s", "Rest between two trials"),
    .init(
      "timeout", positiveDuration,
      "When a trial counts as hung, with `process: fresh`: longer than its phases; twice their time and that of the drains and 30s when left out"
    ),
    .init(
      "stop_early",
      .object([
        .init(
          "metric", .metric,
          "Which figure decides, one that a phase has: `throughput`, `latency.p99`, `service_time.mean`"),
        .init("ci_width", .share, "Width of the 95% interval of its median, as a share of the median"),
        .init("min", .count(1...10_000), "The fewest trials; 10 when left out, or `max` if that is less"),
        .init("max", .count(1...10_000), "The most trials; `count` when left out"),
      ]), "A variant has no more trials when the interval is narrow enough: a rule that is fixed before looking"),
    .init(
      "disturbed",
      .object([
        .init("steal", .share, "Share of the cores' time that the hypervisor may take"),
        .init("pressure", .share, "Share of the time in which some thread may wait for a core, ours included"),
        .init("reruns", .count(0...100), default: "1", "How often a disturbed trial is repeated"),
      ]), "A trial beyond a limit is kept and marked, does not count, and is repeated"),
  ]

  static let objective: [ScenarioKey] = [
    .init(
      "expect", .expression,
      "The comparison that must hold, such as `latency.p99 < 1ms` or `throughput >= 0.99 * offered`"),
    .init("phase", .text, "In this phase; in all but the warm-up when left out"),
    .init(
      "severity", .choice(["error", "warn"]), default: "error",
      "What breaking it means: the run fails with exit 3, or a warning"),
    .init(
      "window", positiveDuration,
      "Judge every stretch of this length, which is made of whole intervals, instead of the phase as a whole"),
    .init("abort", .boolean, default: "false", "With `window`: the first stretch that breaks it ends the run"),
    .init(
      "grace", anyDuration, default: "0s",
      "With `window`: stretches that begin so soon after the start of the phase do not count"),
  ]

  static let verify: [ScenarioKey] = [
    .init(
      "loss", .count(0...Int64.max), default: "0",
      "The most messages that may be lost, and the most requests that may be answered after their `timeout`"),
    .init("duplicates", .count(0...Int64.max), default: "0", "The most messages that may arrive twice"),
    .init(
      "order", .choice(["per_producer", "none", "per_key"]),
      "Which order is checked; the strongest that each queue promises when left out"),
    .init(
      "payload", .choice(["crc32c", "none"]), default: "crc32c",
      "How bodies are checked; `none` for the pattern `ring`, whose items follow from their number and are compared whole"
    ),
  ]

  static let fault: [ScenarioKey] = [
    .init(
      "kind", .choice(["slow_consumer", "kill_worker", "pause", "lose", "duplicate", "reorder", "corrupt"]),
      "What. `lose`, `duplicate`, `reorder` and `corrupt` test the verification itself, which must then fail (exit 5)"),
    .init(
      "who", .text,
      "Whom: a consumer as `group.index`, or a whole group; faults of messages hit all consumers when it is left out, those of workers need it"
    ),
    .init(
      "one_in", positiveCount,
      "For faults of messages: how rarely. Exactly one in so many messages of each producer and routing key is hit"),
    .init("at", .text, "For faults of workers: a phase, or a phase and an offset such as `steady+10s`"),
    .init("factor", .number, "For `slow_consumer`: how many times longer everything takes"),
    .init(
      "for", positiveDuration,
      "For faults of workers: how long; a killed worker is replaced then, and never when it is left out; a killed child of the pool `processes` always is, at once"
    ),
    .init("every", positiveDuration, "For faults of workers: it happens again after this time"),
    .init("times", positiveCount, "How many times, with `every`; as often as fits into the phase when left out"),
  ]

  static let measure: [ScenarioKey] = [
    .init(
      "interval", .duration(1_000_000...60_000_000_000), default: "250ms",
      "Length of one row of the time series; a warm-up has 16 rows at least, of 20 ms or more, which tell whether it became "
        + "steady"),
    .init(
      "histogram",
      .object([
        .init("digits", .count(1...5), default: "3", "Significant decimal digits"),
        .init(
          "max", .duration(1_000_000...3_600_000_000_000), default: "60s", "The highest value that is told apart"),
      ]), "Resolution and range of the histograms"),
    .init(
      "hiccup", .duration(100_000...1_000_000_000), default: "1ms",
      "Period of the timer that measures the platform's own delays"),
    .init(
      "statistics", .either([.choice(["none"]), .duration(1_000_000...60_000_000_000)]), default: "none",
      "How often a thread of its own reads all that the subject says about itself, as monitoring would"),
  ]

  static let output: [ScenarioKey] = [
    .init(
      "dir", .text, default: "Results/{name}/{started}",
      "The results directory, which is made, or is there and empty; `{name}` and `{started}` are filled in"),
    .init(
      "formats", .list(of: .choice(["json", "csv", "hlog", "hgrm", "html", "markdown", "junit"])),
      default: "json, csv, hlog, hgrm, html, markdown, junit",
      "What is written: `html` is report.html, `markdown` summary.md, `junit` junit.xml"),
    .init(
      "trace", .text,
      "A file in the results directory, beside those that each run writes, that the sending times of the only trial are recorded into, for `load.trace`"
    ),
  ]

  static let compare: [ScenarioKey] = [
    .init(
      "against", .text,
      "Name of an earlier run (`ringside baseline save`) that every variant is compared with; one that is missing is a warning"
    ),
    .init("max_regression", .share, default: "5%", "How much worse is still the same"),
    .init("alpha", .number, default: "0.01", "How likely a false alarm may be"),
    .init(
      "metric", .metric,
      "The figure that decides beside bytes allocated per message; `latency.p99` when left out, or `throughput` where no phase is open loop; `latency.p99@steady` is that of one phase"
    ),
    .init(
      "confirm", .count(0...100), default: "1",
      "How many further batches of trials must find a regression again before the run fails for it"),
  ]

  static let search: [ScenarioKey] = [
    .init(
      "capacity",
      .object([
        .init(
          "metric", .metric, default: "latency.p99",
          "The figure that has a limit: a percentile or the mean of a time, `latency.p99` or `service_time.mean`"),
        .init("limit", positiveDuration, "The limit; there is no default"),
        .init(
          "from", .rate(mayRamp: false), default: "1k/s",
          "Where to start: from there by doubling, or by halving when that is too much"),
        .init("to", .rate(mayRamp: false), default: "100M/s", "The highest rate that is tried"),
        .init("precision", .share, default: "2%", "How wide the interval may be, as a share of the rate"),
        .init(
          "trials", .count(3...1_000), default: "5",
          "Trials of a step; 16 times as many are made at most after the first doublings, and then the interval stays wider"
        ),
        .init("arrivals", .choice(["constant", "poisson"]), default: "constant", "Evenly spaced, or at random times"),
        .init(
          "for", positiveDuration, default: "5s",
          "How long each trial lasts; those that confirm the result last three times as long"),
      ]), "The highest rate that keeps the limit, as an interval; each variant of a matrix has its own"),
    .init("scaling", .anything, "How throughput grows with threads"),
  ]

  /// First words of a metric; those of times are followed by a statistic, as in `latency.p99`.
  static let metrics = [
    "latency", "service_time", "send_delay", "confirm_time", "queue_time", "eta_error", "handler_time", "result_time",
    "encode_time", "decode_time", "hiccup", "offered", "sent", "throughput", "allocated_bytes_per_message",
    "encoded_bytes_per_message", "recovery_time",
  ]

  /// Short names of matrix axes.
  static let axes = [
    "serializer", "compression", "payload", "batch", "wait", "dispatch", "prefetch", "ack", "ring", "pool", "workers",
  ]

  /// Parts of a scenario that hold for the whole run, so that no axis leads into them.
  static let unvariedKeys: Set<String> = [
    "schema", "name", "description", "extends", "seed", "matrix", "baseline", "trials", "output", "compare", "search",
    "time",
  ]

  /// Whether a matrix may have an axis of that name: a short one, a variable, or a dotted path.
  static func isAxis(_ name: String) -> Bool {
    if axes.contains(name) || (MatrixAxis.isVariable(name) && name.split(separator: ".").count == 2) { return true }
    return isPath(name) && !unvariedKeys.contains { name.hasPrefix("\($0).") }
  }
}
