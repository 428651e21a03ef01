/// The queues of a broker after a run, in the columns of `rabbitmqctl list_queues name messages messages_ready
/// messages_unacknowledged consumers memory`; behind them delayed messages and rates per second.
public struct QueueTable: Sendable {
  /// One queue.
  public struct Row: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Messages waiting to be delivered.
    public var ready: Int
    /// Messages delivered and not acknowledged yet.
    public var unacknowledged: Int
    /// Its consumers.
    public var consumers: Int
    /// The memory it holds, in bytes.
    public var memoryBytes: Int
    /// Messages that may not be delivered yet.
    public var delayed = 0
    /// What went through it of late; nil when that is not known.
    public var rates: Rates?

    /// All its messages.
    public var messages: Int { ready + delayed + unacknowledged }

    /// A queue and its numbers.
    public init(name: String, ready: Int, unacknowledged: Int, consumers: Int, memoryBytes: Int) {
      self.name = name
      self.ready = ready
      self.unacknowledged = unacknowledged
      self.consumers = consumers
      self.memoryBytes = memoryBytes
    }
  }

  /// Messages per second.
  public struct Rates: Sendable, Equatable {
    var publish: Double
    var deliver: Double
    var redeliver: Double
    var acknowledge: Double

    /// Messages that came, were delivered, delivered again and acknowledged per second.
    public init(publish: Double, deliver: Double, redeliver: Double, acknowledge: Double) {
      self.publish = publish
      self.deliver = deliver
      self.redeliver = redeliver
      self.acknowledge = acknowledge
    }

    fileprivate var texts: [String] {
      [publish, deliver, redeliver, acknowledge].map { String(Int($0.rounded())) }
    }
  }

  /// The table with its header, queues by name, a newline after every line. Plain digits, so that scripts can read it.
  public let text: String

  /// The table of those queues.
  public init(_ rows: [Row]) {
    // What was added later stands behind what scripts find by its place.
    let header = [
      "name", "messages", "messages_ready", "messages_unacknowledged", "consumers", "memory", "messages_delayed",
      "publish_rate", "deliver_rate", "redeliver_rate", "ack_rate",
    ]
    let lines = rows.sorted { $0.name < $1.name }.map { row in
      let counts = [row.messages, row.ready, row.unacknowledged, row.consumers, row.memoryBytes, row.delayed]
      return [row.name] + counts.map(String.init) + (row.rates?.texts ?? Array(repeating: "-", count: 4))
    }
    text = TextTable(rows: [header] + lines, rightColumns: Set(1..<header.count)).text()
  }
}
