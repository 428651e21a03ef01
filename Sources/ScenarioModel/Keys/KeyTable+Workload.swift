extension KeyTable {
  static let workload: [ScenarioKey] =
    [
      .init(
        "pattern",
        .choice(["ring", "work_queue", "request_reply", "publish_subscribe", "routing", "topics", "tasks"]),
        default: "work_queue", "The kind of traffic"),
      .init("ring", .object(ring), "The ring of the pattern `ring`"),
      .init(
        "producers", .map(of: .object(producer)),
        "Name → a group of alike producers (clients of `request_reply`); one group `producer` when left out"),
      .init(
        "consumers", .map(of: .object(consumer)),
        "Name → a group of alike consumers (servers of `request_reply`); one group `consumer` when left out"),
      .init("workers", .object(workers), "The worker pool of the pattern `tasks`"),
      .init("tasks", .map(of: .object(task)), "Name → a task of the pattern `tasks`"),
      .init("beat", .object(beat), "The clock that crontabs go by"),
    ] + shared

  /// Keys that stand for all producers, consumers and queues that do not say otherwise.
  private static let shared: [ScenarioKey] =
    standIns(["payload", "serializer", "compression", "service_time"], for: producer)
    + standIns(["batch", "wait", "prefetch", "ack"], for: consumer) + standIns(["dispatch"], for: queue)

  private static func standIns(_ names: [String], for keys: [ScenarioKey]) -> [ScenarioKey] {
    keys.filter { names.contains($0.name) }.map { $0.withoutDefault() }
  }

  static let ring: [ScenarioKey] = [
    .init(
      "kind", .choice(["spsc", "mpmc", "mpsc", "broadcast", "bytes", "lifo"]), default: "spsc",
      "How many threads may use each end"),
    .init(
      "lanes", .choice(["shared", "per_producer"]), default: "shared",
      "What the producers of an `mpsc` ring share: one ring, or nothing but the consumer, which sweeps a ring of each"),
    .init("capacity", .count(2...1_073_741_824), default: "65536", "Slots (of each lane); a power of two"),
    .init(
      "publish", .choice(["each", "lazy"]), default: "each",
      "Whether items become visible one by one (or batch by batch), or when the producer flushes"),
    .init(
      "round_trip", .boolean, default: "false", "Whether each item comes back through a second ring; with `in_flight`"),
    .init(
      "memory", .choice(["private", "shared"]), default: "private",
      "`shared`: the other end is a child process, and the ring lies in memory of both"),
    .init("slow_reader", .choice(["block", "lap"]), default: "block", "What a broadcast does about a slow reader"),
  ]
}
