extension SubjectStatistics {
  /// How many messages went through a queue since its declaration.
  public struct Traffic: Sendable, Equatable {
    /// Messages that entered it.
    public var published = 0
    /// Deliveries, redeliveries included.
    public var delivered = 0
    /// Deliveries of messages that had been delivered before.
    public var redelivered = 0
    /// Messages acknowledged, by the consumer or by delivery.
    public var acknowledged = 0

    /// None yet.
    public init() {}
  }

  /// The same per second, between two readings.
  public struct Rates: Sendable, Equatable, Codable {
    /// Messages that entered the queue.
    public var published: Double
    /// Deliveries, redeliveries included.
    public var delivered: Double
    /// Deliveries of messages that had been delivered before.
    public var redelivered: Double
    /// Messages acknowledged.
    public var acknowledged: Double

    /// What came to `later` from `earlier` within `nanoseconds`, which are more than 0.
    public init(from earlier: Traffic, to later: Traffic, nanoseconds: Int64) {
      let perSecond = { (field: KeyPath<Traffic, Int>) in
        Double(later[keyPath: field] - earlier[keyPath: field]) * 1e9 / Double(nanoseconds)
      }
      published = perSecond(\.published)
      delivered = perSecond(\.delivered)
      redelivered = perSecond(\.redelivered)
      acknowledged = perSecond(\.acknowledged)
    }
  }

  /// The same reading with the rates since an earlier one, `nanoseconds` before; queues that are new count from nothing. Without
  /// rates when no time has passed.
  public func withRates(since earlier: SubjectStatistics, nanoseconds: Int64) -> SubjectStatistics {
    guard nanoseconds > 0 else { return self }
    let before = Dictionary(earlier.queues.map { ($0.name, $0.traffic) }, uniquingKeysWith: { first, _ in first })
    var result = self
    for index in queues.indices {
      result.queues[index].rates = Rates(
        from: before[queues[index].name] ?? Traffic(), to: queues[index].traffic, nanoseconds: nanoseconds)
    }
    return result
  }
}
