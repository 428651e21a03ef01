/// Every key of the scenario file. `Support` says which of them this version implements.
enum KeyTable {
  /// The keys of the file itself.
  static let root: [ScenarioKey] = [
    .init("schema", .choice(["1"]), default: "1", "Version of this file format"),
    .init("name", .slug, "What results are filed under; the file's name when left out"),
    .init("description", .text, default: "", "What the scenario shows, in a sentence"),
    .init(
      "extends", .text,
      "A file to start from, relative to this one: maps merge, lists and values replace, `null` removes"),
    .init("vars", .map(of: .text), "Values for `${name}`, looked up before the environment and `${name:-default}`"),
    .init("seed", .count(0...Int64.max), default: "1", "Where all randomness of a run comes from"),
    .init(
      "target", .either([.choice(["embedded"]), .object(target)]), default: "embedded",
      "What is put under load: the built-in broker and rings"),
    .init("topology", .object(topology), "Exchanges, queues and bindings; what the pattern needs when left out"),
    .init("workload", .object(workload), "Who sends and who receives"),
    .init("load", .object(load), "How much is sent, and when: one phase, or several under `phases`"),
    .init(
      "matrix", .axes,
      "Axis → list of values: each combination is a variant, 10,000 at most; `exclude` and `include` list variants, "
        + "`zip` axes that advance together"),
    .init(
      "baseline", .either([.text, .map(of: .anything)]),
      "The variant that the others are compared with: its id, its slug, or axis → value"),
    .init(
      "trials", .either([.count(1...10_000), .object(trials)]), default: "1", "How often everything is repeated"),
    .init(
      "slo", .either([.expression, .list(of: .either([.expression, .object(objective)]))]),
      "Limits that the measured figures must keep, one or a list of them; a run that breaks one ends with exit 3"),
    .init("verify", .object(verify), "What is proven about every message"),
    .init("faults", .list(of: .object(fault)), "What is broken on purpose, and when"),
    .init("measure", .object(measure), "How finely is measured"),
    .init("output", .object(output), "Where results go"),
    .init(
      "compare", .object(compare),
      "What comparisons with `baseline` or `against` decide: a regression then ends the run with exit 2"
    ),
    .init("search", .object(search), "Looks for the highest load that keeps a limit, in place of `load`"),
    .init(
      "time", .choice(["wall", "virtual"]), default: "wall",
      "Real time, or a simulation on one thread, in which only what is declared takes time"),
  ]

  /// Parts of the file that may be a single value, and the key of the map that it stands for.
  static let shortForms = ["trials": "count", "target": "driver"]

  /// Words that more than one table uses.
  static let serializers = ["raw", "json", "yaml", "messagepack", "plist", "cbor", "protobuf"]
  static let compressions = ["none", "zlib", "bzip2", "lzma", "zstd", "lz4", "brotli"]
  static let waits = ["spin", "yield", "backoff", "park", "spin_then_park"]
  static let dispatches = [
    "shared", "round_robin", "random", "consistent_hash", "power_of_two_choices", "least_outstanding",
    "work_stealing", "fair", "consumer_priority", "single_active",
  ]

  /// A day is longer than any sensible setting, and far from overflowing sums.
  static let longest: Int64 = 86_400_000_000_000
  static let anyDuration = ValueKind.duration(0...longest)
  static let positiveDuration = ValueKind.duration(1...longest)
  static let positiveCount = ValueKind.count(1...1_000_000_000_000)

  /// Keys that are supported or not as a family, wherever they stand.
  static func family(_ name: String, _ keys: [ScenarioKey]) -> [ScenarioKey] { keys.map { $0.of(name) } }

  /// A fixed value, or how it is distributed. Exactly one key of the map is given.
  static func distribution(of kind: ValueKind) -> ValueKind {
    .either([kind, .object(distributionKeys(of: kind))])
  }

  static func distributionKeys(of kind: ValueKind) -> [ScenarioKey] {
    [
      .init("exponential", kind, "The mean of an exponential distribution"),
      .init(
        "lognormal", .object([.init("p50", kind, "The median"), .init("p99", kind, "The 99th percentile")]),
        "A log-normal distribution by two percentiles"),
      .init("uniform", .list(of: kind), "Two bounds, each value between them equally likely"),
      .init("cycle", .list(of: kind), "These values in turn"),
      .init("bimodal", .map(of: .share), "Value → share; the shares make 100%"),
      .init(
        "recorded", .text,
        "A file with one value per line, relative to this file; each is equally likely, and a bare number is in ns or bytes"
      ),
    ]
  }

  private static let target: [ScenarioKey] = [
    .init("driver", .choice(["embedded", "amqp", "redis", "nats", "celery"]), default: "embedded", "Which driver"),
    .init("url", .text, "Where the subject listens"),
    .init("virtual_host", .text, default: "/", "Virtual host of an AMQP broker"),
  ]
}
