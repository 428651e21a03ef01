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
    .init("dispatch", .choice(dispatches), default: "shared", family: "queue", "Which consumer gets a message"),
    .init(
      "max_length", .count(1...16_777_216), default: "65536", "The most ready messages it holds; `x-max-length`"),
    .init("max_bytes", .size(1...Int64.max), "The most bytes of ready messages; `x-max-length-bytes`"),
    .init(
      "overflow", .choice(["block", "reject_publish", "drop_head", "reject_publish_dlx"]), default: "block",
      "What happens to a publish when the queue is full; `x-overflow`"),
    .init("message_ttl", anyDuration, "How long a message may wait; `x-message-ttl`"),
    .init("expires", positiveDuration, "How long an unused queue lives; `x-expires`"),
    .init(
      "dead_letter",
      .object([
        .init("exchange", .text, "Where dead letters go; `x-dead-letter-exchange`"),
        .init("key", .text, "Their routing key; `x-dead-letter-routing-key`"),
      ]), "What happens to messages that are rejected or expire"),
    .init("delivery_limit", positiveCount, "How often a message is delivered at most; `x-delivery-limit`"),
    .init(
      "retry",
      .object([
        .init("backoff", positiveDuration, "Wait before the first retry, doubled each time"),
        .init("max", positiveDuration, "The longest wait"),
        .init("jitter", .boolean, default: "true", "Whether waits are drawn from 0 to that"),
      ]), "Redelivery with increasing waits"),
    .init("priorities", .count(1...255), "Number of priorities; `x-max-priority`"),
    .init("single_active", .boolean, default: "false", "One consumer at a time; `x-single-active-consumer`"),
    .init("durable", .boolean, default: "false", "Survives a restart of the broker"),
    .init("unacknowledged_limit", positiveCount, "The most unacknowledged messages of all its consumers"),
    .init("arguments", .map(of: .anything), "The protocol's `x-…` arguments by name"),
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
