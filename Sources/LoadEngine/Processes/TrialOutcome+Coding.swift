import DriverInterface
import ResultModel

/// The outcome of a trial in JSON: what a trial's process sends, and what a run keeps aside after each trial.
extension TrialOutcome: Codable {
  private enum CodingKeys: String, CodingKey {
    case trial, intervals, threads, queues, exchanges, bindings, consumers, notes, readings
  }

  /// A row of the subject's own report.
  private struct QueueRow: Codable {
    var name: String
    var ready: Int
    var unacknowledged: Int
    var consumers: Int
    var memoryBytes: Int
    var delayed: Int
    var rates: SubjectStatistics.Rates?

    init(_ queue: SubjectStatistics.Queue) {
      name = queue.name
      ready = queue.readyCount
      unacknowledged = queue.unacknowledgedCount
      consumers = queue.consumerCount
      memoryBytes = queue.memoryByteCount
      delayed = queue.delayedCount
      rates = queue.rates
    }

    var queue: SubjectStatistics.Queue {
      var queue = SubjectStatistics.Queue(
        name: name, readyCount: ready, unacknowledgedCount: unacknowledged, consumerCount: consumers,
        memoryByteCount: memoryBytes)
      queue.delayedCount = delayed
      queue.rates = rates
      return queue
    }

    enum CodingKeys: String, CodingKey {
      case name, ready, unacknowledged, consumers, delayed, rates
      case memoryBytes = "memory_bytes"
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(result, forKey: .trial)
    try container.encode(intervals, forKey: .intervals)
    try container.encode(threadCount, forKey: .threads)
    try container.encode(statistics.queues.map(QueueRow.init), forKey: .queues)
    try container.encode(statistics.exchanges, forKey: .exchanges)
    try container.encode(statistics.bindings, forKey: .bindings)
    try container.encode(statistics.consumers, forKey: .consumers)
    try container.encode(notes, forKey: .notes)
    try container.encodeIfPresent(readings, forKey: .readings)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    var statistics = SubjectStatistics(
      queues: try container.decode([QueueRow].self, forKey: .queues).map(\.queue))
    statistics.exchanges = try container.decode([SubjectStatistics.Exchange].self, forKey: .exchanges)
    statistics.bindings = try container.decode([SubjectStatistics.Binding].self, forKey: .bindings)
    statistics.consumers = try container.decode([SubjectStatistics.Consumer].self, forKey: .consumers)
    self.init(
      result: try container.decode(TrialResult.self, forKey: .trial),
      intervals: try container.decode([IntervalHistogram].self, forKey: .intervals),
      threadCount: try container.decode(Int.self, forKey: .threads),
      statistics: statistics, notes: try container.decode([String].self, forKey: .notes))
    readings = try container.decodeIfPresent(StatisticsReadings.self, forKey: .readings)
  }
}
