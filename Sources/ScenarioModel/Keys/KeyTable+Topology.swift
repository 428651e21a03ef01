extension KeyTable {
  static let topology: [ScenarioKey] = [
    .init(
      "exchanges", .map(of: .either([.choice(exchangeKinds), .object(exchange)])),
      "Name → type, or a map; the default exchange exists always and routes by queue name"),
    .init("queues", .map(of: .object(queue)), "Name → properties; `{}` for all defaults"),
    .init("bindings", .list(of: .object(binding)), "Routes from exchanges to queues and other exchanges"),
  ]

  private static let exchangeKinds = ["direct", "fanout", "topic", "headers", "x-consistent-hash"]

  private static let exchange: [ScenarioKey] = [
    .init("type", .choice(exchangeKinds), default: "direct", "How routing keys are matched"),
    .init("internal", .boolean, default: "false", "Only other exchanges may publish to it"),
    .init("alternate", .text, "The exchange for what it cannot route; `alternate-exchange` of the protocol"),
    .init("arguments", .map(of: .anything), "The protocol's `x-…` arguments by name"),
  ]

  static let queue: [ScenarioKey] = [
    .init("order", .choice(["fifo", "lifo"]), default: "fifo", "Which message is next; `x-queue-order`"),
    .init(
      "dispatch", .either([.choice(dispatches), .call("prefetch")]), default: "shared", family: "queue",
      "Which consumer gets a message; `prefetch(n)` is `shared` with that prefetch, and `fair` is `prefetch(1)`"),
    .init(
      "max_length", .count(1...16_777_216), default: "65536", "The most ready messages it holds; `x-max-length`"),
    .init("max_bytes", .size(1...Int64.max), "The most bytes of ready messages; `x-max-length-bytes`"),
    .init(
      "overflow", .choice(["block", "reject_publish", "drop_head", "reject_publish_dlx"]), default: "block",
      "What happens to a publish when the queue is full; `x-overflow`"),
    .init("message_ttl", anyDuration, "How long a message may wait; `x-message-ttl`, in milliseconds there"),
    .init("expires", positiveDuration, "How long an unused queue lives; `x-expires`, in milliseconds there"),
    .init(
      "dead_letter",
      .object([
        .init(
          "exchange", .text, default: "",
          "Where dead letters go; the default exchange, which routes by queue name, when left out; `x-dead-letter-exchange`"
        ),
        .init(
          "key", .text, "Their routing key; the one they came with when left out; `x-dead-letter-routing-key`"),
      ]), "Where messages go that are refused, expire, overflow or fail too often; thrown away when left out"),
    .init(
      "delivery_limit", .count(0...65_535),
      "How often a message may come back from consumers; one more time and it is a dead letter; `x-delivery-limit`"),
    .init(
      "retry",
      .object([
        .init("backoff", positiveDuration, "Wait before the first retry, doubled each time"),
        .init("max", positiveDuration, default: "1m", "The longest wait"),
        .init("jitter", .boolean, default: "true", "Whether waits are drawn from 0 to that"),
      ]), "Redelivery with increasing waits"),
    .init("priorities", .count(1...255), "The highest priority: higher ones are delivered first; `x-max-priority`"),
    .init("single_active", .boolean, default: "false", "One consumer at a time; `x-single-active-consumer`"),
    .init("durable", .boolean, default: "false", "Survives a restart of the broker"),
    .init("unacknowledged_limit", positiveCount, "The most unacknowledged messages of all its consumers"),
    .init("arguments", .map(of: .text), "The same by the protocol's `x-…` names, which the other keys mention"),
  ]

  private static let binding: [ScenarioKey] = [
    .init("from", .text, "The exchange"),
    .init("to", .text, "The queue, or another exchange"),
    .init(
      "key", .text, default: "",
      "The binding key; with type `topic`, words separated by dots, `*` for one word and `#` for any number"),
    .init(
      "arguments", .map(of: .text),
      "What a headers exchange compares, and `x-match: all`, `any`, `all-with-x` or `any-with-x`"),
  ]
}
