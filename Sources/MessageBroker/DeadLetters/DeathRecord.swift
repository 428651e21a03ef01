/// Why a message left a queue without having been acknowledged, in the words of `x-death`.
public enum DeathReason: String, Sendable {
  /// A consumer refused it without requeue.
  case rejected
  /// Its time was over.
  case expired
  /// Its queue was full.
  case maxlen
  /// It came back too often.
  case deliveryLimit = "delivery_limit"
}

/// One entry of the header `x-death`: that a message died in a queue for a reason, and how often.
public struct DeathRecord: Sendable, Equatable {
  /// The queue.
  public let queue: String
  /// The reason.
  public let reason: DeathReason
  /// How often it died there of that.
  public internal(set) var count: Int64
  /// When it first did, in nanoseconds of the broker's clock.
  public let time: Int64
  /// The exchange that it had come through, the first time.
  public let exchange: String
  /// The routing key that it had come with, the first time.
  public let routingKey: String
  /// Its own expiration in nanoseconds, which was taken away; nil when it had none.
  public let originalExpiration: Int64?

  static let header = "x-death"

  /// The records of a message's headers, the most recent death first. What is no such record is left out.
  public static func all(in headers: FieldTable) -> [DeathRecord] {
    guard case .list(let values) = headers[header] else { return [] }
    return values.compactMap { if case .table(let table) = $0 { DeathRecord(table) } else { nil } }
  }

  init(
    queue: String, reason: DeathReason, time: Int64, exchange: String, routingKey: String, originalExpiration: Int64?
  ) {
    self.queue = queue
    self.reason = reason
    count = 1
    self.time = time
    self.exchange = exchange
    self.routingKey = routingKey
    self.originalExpiration = originalExpiration
  }

  private init?(_ table: FieldTable) {
    guard case .string(let queue) = table["queue"], case .string(let reason) = table["reason"],
      let reason = DeathReason(rawValue: reason), case .integer(let count) = table["count"],
      case .integer(let time) = table["time"], case .string(let exchange) = table["exchange"],
      case .list(let keys) = table["routing-keys"], case .string(let key) = keys.first
    else { return nil }
    var expiration: Int64?
    if case .integer(let original) = table["original-expiration"] { expiration = original }
    self.init(
      queue: queue, reason: reason, time: time, exchange: exchange, routingKey: key, originalExpiration: expiration)
    self.count = count
  }

  private var table: FieldTable {
    var table: FieldTable = [
      "queue": .string(queue), "reason": .string(reason.rawValue), "count": .integer(count), "time": .integer(time),
      "exchange": .string(exchange), "routing-keys": .list([.string(routingKey)]),
    ]
    if let originalExpiration { table["original-expiration"] = .integer(originalExpiration) }
    return table
  }

  /// Adds a death to a message's headers: one record per queue and reason, moved to the front and counted when it happens again,
  /// as RabbitMQ does.
  static func add(_ death: DeathRecord, to headers: inout FieldTable) {
    var records = all(in: headers)
    var newest = death
    if let known = records.firstIndex(where: { $0.queue == death.queue && $0.reason == death.reason }) {
      newest = records.remove(at: known)
      newest.count += 1
    }
    records.insert(newest, at: 0)
    headers[header] = .list(records.map { .table($0.table) })
    guard headers["x-first-death-queue"] == nil else { return }
    headers["x-first-death-queue"] = .string(newest.queue)
    headers["x-first-death-reason"] = .string(newest.reason.rawValue)
    headers["x-first-death-exchange"] = .string(newest.exchange)
  }

  /// Whether a dead letter for `queue` has gone round without a consumer's doing: then it is dropped (RabbitMQ's rule).
  static func isCycle(_ records: [DeathRecord], backTo queue: String) -> Bool {
    guard let previous = records.firstIndex(where: { $0.queue == queue }) else { return false }
    return !records[...previous].contains { $0.reason == .rejected }
  }
}
