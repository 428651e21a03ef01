extension KeyTable {
  /// The keys of `load`: those of its only phase, or `phases`, and what holds for the whole load.
  static let load: [ScenarioKey] =
    [
      .init("warmup", anyDuration, default: "0s", "How long the first phase's load runs before, kept apart"),
      .init("phases", .namedList(of: .object(phase)), "One map per phase, with its name as the key"),
      .init("pacing", .object(pacing), "How intended sending times are kept"),
      .init(
        "drain", positiveDuration, default: "5s",
        "How long messages may take to arrive after each phase; when they take longer, the trial is INVALID"),
    ] + phase

  static let phase = family(
    "phase",
    [
      .init("constant", .rate(mayRamp: true), "Open loop: evenly spaced messages at this rate"),
      .init("poisson", .rate(mayRamp: true), "Open loop: messages at random times at this mean rate"),
      .init(
        "burst", positiveCount,
        "Open loop: this many messages at once, the first time at the start and then `every` so often"),
      .init("in_flight", .count(1...65_536), "Closed loop: so many messages outstanding per producer"),
      .init(
        "saturate", .either([positiveCount, .boolean]),
        "As fast as possible: so many messages, or `true` with `for`"),
      .init(
        "backlog", positiveCount, "So many messages are sent before any is taken, then all of them are; both are timed"),
      .init(
        "trace", .text,
        "Open loop: a CSV file with the columns offset_ns,size,key,priority, relative to this file; all but the first may be left out or empty"
      ),
      .init(
        "for", positiveDuration, default: "5s",
        "How long the phase lasts; a trace without it lasts until its last message"),
      .init("every", positiveDuration, "Time between bursts"),
      .init("steps", .count(2...1_000), "A ramp in so many stairs of equal length and height"),
      .init("peak", .rate(mayRamp: false), "A spike: the rate during the middle third of the phase"),
      .init(
        "amplitude", .either([.rate(mayRamp: false), .share]),
        "A wave: how far the rate goes up and down, at most by itself"),
      .init("period", positiveDuration, "How long a wave is"),
      .init("speed", .number, default: "1", "How fast a trace is played"),
    ])

  private static let pacing: [ScenarioKey] = [
    .init(
      "spin", .duration(0...1_000_000_000), default: "30us", "The last stretch before a message that is not slept"),
    .init("max_lag", positiveDuration, default: "1ms", "A run is invalid when the p99 of the send delay exceeds this"),
  ]
}
