extension KeyTable {
  static let producer = family(
    "producer",
    [
      .init("count", .count(1...1_024), default: "1", "Threads of this group"),
      .init(
        "to", .text, default: "",
        "The exchange to publish to; when left out the only one with `publish_subscribe`, `routing` and `topics`, else the default exchange"
      ),
      .init(
        "keys", .either([.list(of: .text), .object(keyDistribution)]),
        "Routing keys, used in turn; or how one is drawn for each batch from those that reach a queue, in the order of the file"
      ),
      .init(
        "payload", .either([.size(1...16_777_216), .object(payload)]), default: "128B",
        "Size of each body, 32B or more, or its shape and size; for `ring` a power of two from 8B to 256B or 96B, in an open "
          + "loop from 32B, and only for `bytes` drawn"),
      .init(
        "compressible", .share,
        "About how much of the payload a compressor can save; of shapes other than `bytes`, beyond what it can save anyway"
      ),
      .init(
        "serializer", .choice(serializers), default: "raw",
        "How bodies are encoded; each is decoded again and verified as it was before"),
      .init("compression", .choice(compressions), default: "none", "How encoded bodies are compressed"),
      .init(
        "service_time", distribution(of: anyDuration), default: "0s",
        "Work that a message carries: drawn by the producer, spent by whoever handles it"),
      .init("headers", .map(of: .text), "Headers of every message"),
      .init(
        "priority", distribution(of: .count(0...Int64.max)), default: "0",
        "Message priority from 0 to 255, which counts in queues with `priorities`"),
      .init("expiration", anyDuration, "How long a message may wait, wherever that is; the queue's limit holds too"),
      .init(
        "persistent", .boolean, default: "false",
        "Whether messages ask to survive a restart, which those in queues that are not durable never do"),
      .init("mandatory", .boolean, default: "false", "Whether messages that reach no queue come back"),
      .init(
        "confirms", .count(0...1_048_576), default: "0",
        "The most publisher confirms outstanding; 0 publishes without confirms"),
      .init("batch", .count(1...65_536), default: "1", "Messages handed over at once"),
      .init(
        "timeout", positiveDuration, default: "1s", "How long a client waits for a reply; 1m for the result of a task"),
      .init(
        "wait", .choice(waits), "How it waits; `spin_then_park` when left out, `park` with more threads than cores"),
    ])

  static let consumer = family(
    "consumer",
    [
      .init("count", .count(1...1_024), default: "1", "Threads of this group"),
      .init(
        "from", .text,
        "The queue to take from; when left out the only one, and with `publish_subscribe` a queue for each instance"),
      .init("prefetch", .count(1...65_536), default: "256", "The most unacknowledged messages of each consumer"),
      .init(
        "ack",
        .either([
          .choice(["each", "none"]),
          .object([.init("every", .count(1...65_536), "Acknowledge every n-th message, and all before it")]),
        ]), default: "each", "What is acknowledged"),
      .init(
        "priority", .count(0...255), default: "0",
        "Consumer priority, which counts in queues with `dispatch: consumer_priority`; `x-priority`"),
      .init("speed", .number, default: "1", "Service times are divided by this: 0.5 is a worker half as fast"),
      .init(
        "busy",
        .either([
          .choice(["spin", "sleep", "touch"]),
          .object([.init("fibonacci", .count(1...60), "Compute this Fibonacci number recursively")]),
        ]), default: "spin", "How service time is spent; `touch` and `fibonacci` come on top when they take longer"),
      .init(
        "fail", .share, default: "0%",
        "How many deliveries fail, by lot: they go back into the queue, or at once to its dead letters when it has "
          + "`dead_letter` and neither `retry` nor `delivery_limit`"),
      .init("batch", .count(1...65_536), default: "1", "The most messages taken at once"),
      .init(
        "wait", .choice(waits), "How it waits; `spin_then_park` when left out, `park` with more threads than cores"),
    ])

  private static let keyDistribution: [ScenarioKey] = [
    .init(
      "zipf",
      .object([
        .init("s", .number, default: "1", "The exponent"), .init("n", .count(1...65_536), "How many keys"),
      ]), "Keys by Zipf's law: the first is the most popular"),
    .init("uniform", .count(1...65_536), "How many equally likely keys"),
  ]

  private static let payload: [ScenarioKey] =
    distributionKeys(of: .size(1...16_777_216)) + [
      .init(
        "shape", .choice(["bytes", "record", "text", "numbers"]),
        "What the payload looks like to a serializer: when left out `bytes` for `raw`, and a list of records for all others"
      ),
      .init(
        "size", distribution(of: .size(1...16_777_216)), default: "128B",
        "Its size before it is encoded, fixed or drawn, beside a shape"),
    ]
}
