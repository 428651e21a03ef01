import MessageBroker

/// A message as the reference broker keeps it: a plain value, one per queue that it was routed to.
struct ReferenceMessage: Equatable {
  /// Also its `correlation_id`; its body is `body(of: id)`.
  let id: UInt64
  /// Where it was published to; a dead letter has the dead-letter exchange and key.
  var exchange: String
  var key: String
  var properties: ReferenceProperties
  /// Its place in the order of its queue, kept when it comes back.
  var position: UInt64 = 0
  /// How often it came back into this queue.
  var returnCount = 0
  /// The moment from which nobody gets it any more.
  var expiresAt: Int64?
  /// `x-death`, the most recent death first.
  var deaths: [ReferenceDeath] = []
  /// `x-first-death-queue`, `-reason` and `-exchange`.
  var firstDeath: ReferenceDeath?

  var byteCount: Int { bodyByteCount(of: id) }
}

/// What a publisher says about a message that the reference broker acts upon. Times in nanoseconds.
struct ReferenceProperties: Equatable {
  var priority: UInt8 = 0
  var isMandatory = false
  var headers: [String: String] = [:]
  /// `expiration`: how long it may wait.
  var expiration: Int64?
  /// How long it is held before it can be delivered.
  var delay: Int64?
}

extension ReferenceProperties: CustomStringConvertible {
  var description: String { "(\(differences(of: self, from: ReferenceProperties())))" }
}

/// One entry of `x-death`.
struct ReferenceDeath: Equatable {
  let queue: String
  let reason: DeathReason
  /// How often it died there of that.
  var count = 1
  /// When it first did.
  let time: Int64
  /// The exchange and key it had come with, the first time.
  let exchange: String
  let routingKey: String
  /// The `expiration` that was taken away.
  let originalExpiration: Int64?
}

extension ReferenceDeath {
  init(_ record: DeathRecord) {
    self.init(
      queue: record.queue, reason: record.reason, count: Int(record.count), time: record.time,
      exchange: record.exchange, routingKey: record.routingKey, originalExpiration: record.originalExpiration)
  }
}

extension ReferenceMessage {
  /// The message as it is published to a dead-letter exchange.
  ///
  /// As RabbitMQ does: one record per queue and reason, moved to the front and counted when it happens again; its `expiration` goes, so
  /// that it does not expire where it is meant to be looked at; it counts as new in the next queue.
  func dead(of reason: DeathReason, in queue: String, at now: Int64, exchange: String, key: String?) -> Self {
    var copy = ReferenceMessage(id: id, exchange: exchange, key: key ?? self.key, properties: properties)
    var record = ReferenceDeath(
      queue: queue, reason: reason, time: now, exchange: self.exchange, routingKey: self.key,
      originalExpiration: properties.expiration)
    copy.deaths = deaths
    if let known = deaths.firstIndex(where: { $0.queue == queue && $0.reason == reason }) {
      record = copy.deaths.remove(at: known)
      record.count += 1
    }
    copy.deaths.insert(record, at: 0)
    copy.firstDeath = firstDeath ?? record
    copy.properties.expiration = nil
    copy.properties.delay = nil
    copy.properties.isMandatory = false
    return copy
  }

  /// Whether a dead letter for `queue` has gone round without a consumer's doing: then it is dropped (RabbitMQ's rule).
  func isInCycle(with queue: String) -> Bool {
    guard let previous = deaths.firstIndex(where: { $0.queue == queue }) else { return false }
    return !deaths[...previous].contains { $0.reason == .rejected }
  }
}
