/// The queues of a broker after a run, in the columns of `rabbitmqctl list_queues name messages messages_ready
/// messages_unacknowledged consumers memory`.
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

    /// All its messages.
    public var messages: Int { ready + unacknowledged }

    /// A queue and its numbers.
    public init(name: String, ready: Int, unacknowledged: Int, consumers: Int, memoryBytes: Int) {
      self.name = name
      self.ready = ready
      self.unacknowledged = unacknowledged
      self.consumers = consumers
      self.memoryBytes = memoryBytes
    }
  }

  /// The table with its header, queues by name, a newline after every line. Plain digits, so that scripts can read it.
  public let text: String

  /// The table of those queues.
  public init(_ rows: [Row]) {
    let header = ["name", "messages", "messages_ready", "messages_unacknowledged", "consumers", "memory"]
    let lines = rows.sorted { $0.name < $1.name }.map { row in
      [row.name] + [row.messages, row.ready, row.unacknowledged, row.consumers, row.memoryBytes].map(String.init)
    }
    text = TextTable(rows: [header] + lines, rightColumns: Set(1..<header.count)).text()
  }
}
