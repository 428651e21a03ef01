import MessageBroker

/// How the reference broker's queues are declared. Times in nanoseconds.
struct ReferenceQueueOptions: Equatable {
  enum Order: Equatable {
    case fifo, lifo
    /// With priorities from 0 to `levels`; higher ones of messages count as `levels`.
    case priority(levels: UInt8)
  }
  enum Overflow: String, CaseIterable {
    case block
    case rejectPublish = "reject_publish"
    case rejectPublishDeadLetter = "reject_publish_dlx"
    case dropHead = "drop_head"
  }
  struct DeadLetter: Equatable {
    var exchange: String
    var key: String?
  }
  struct Retry: Equatable {
    var backoff: Int64
    var limit: Int64
    /// Between 0 and 1; 1 for none. A broker draws it, a test says it.
    var jitter = 1.0

    /// How long the `count`-th failure is waited for: min(limit, backoff · 2^(count-1)), times the jitter.
    func delay(afterFailure count: Int) -> Int64 {
      var delay = backoff
      for _ in 1..<max(count, 1) where delay < limit { delay *= 2 }
      return Int64(Double(min(delay, limit)) * jitter)
    }
  }

  var order = Order.fifo
  var maxLength = 65_536
  var maxByteCount = Int.max
  var overflow = Overflow.block
  var messageTTL: Int64?
  var expires: Int64?
  var deadLetter: DeadLetter?
  var deliveryLimit: Int?
  var retry: Retry?
  var unacknowledgedLimit = Int.max
  var isSingleActive = false
  /// Whether consumers' priorities count; RabbitMQ's queues always look at them.
  var hasConsumerPriorities = false
  var isExclusive = false
  var isAutoDelete = false
}

extension ReferenceQueueOptions: CustomStringConvertible {
  var description: String { "(\(differences(of: self, from: ReferenceQueueOptions())))" }
}

/// The properties in which `value` differs from `base`, for short descriptions.
func differences<Value>(of value: Value, from base: Value) -> String {
  zip(Mirror(reflecting: value).children, Mirror(reflecting: base).children)
    .filter { "\($0.value)" != "\($1.value)" }
    .map { "\($0.0.label ?? ""): \($0.0.value)" }.joined(separator: ", ")
}
