public import DriverInterface

/// What a driver gives an application of tasks: where messages go out, and where they come in.
///
/// A driver makes each of them of its own end's type (`EndpointOutbox`, `EndpointInbox`, `WorkerSeat`), so that what is generic over
/// ends is compiled for that type, and the application sees none of it.
public protocol TaskTransport: Sendable {
  /// Declares exchanges, queues and bindings; what is there already in the same way is no error.
  func declare(_ topology: Topology) throws(DriverError)

  /// Opens a way out.
  func openOutbox() throws(DriverError) -> any TaskOutbox

  /// Opens a way in: an end with a queue of its own, which goes when the inbox does. Messages are acknowledged by being received.
  /// - Parameters:
  ///   - bindings: Exchanges and keys that lead to it.
  ///   - limit: How many messages may wait in it, at least; those beyond are refused rather than hold up who sends them.
  func openInbox(_ bindings: [InboxBinding], limit: Int) throws(DriverError) -> any TaskInbox

  /// Opens a worker that consumes `options.queue`.
  /// - Parameters:
  ///   - registry: The tasks that it knows.
  ///   - prefetch: How many messages it may take ahead.
  ///   - children: The processes that execute its tasks; nil to execute them on its own thread.
  func openWorker(
    _ registry: TaskRegistry, _ options: WorkerOptions, prefetch: Int, children: ChildPoolOptions?
  ) throws(DriverError) -> any TaskSeat

  /// Opens a keeper of the tasks of `queue` whose time has not come.
  func openKeeper(queue: String) throws(DriverError) -> any TaskSeat

  /// Opens a look into a queue of dead letters.
  /// - Parameter limit: How many messages are shown at most.
  func openDeadLetters(of queue: String, limit: Int) throws(DriverError) -> any DeadLetterReader
}

extension TaskTransport {
  /// Opens a way in where 65,536 messages may wait.
  public func openInbox(_ bindings: [InboxBinding]) throws(DriverError) -> any TaskInbox {
    try openInbox(bindings, limit: 65_536)
  }

  /// Not what every driver can do.
  public func openDeadLetters(of queue: String, limit: Int) throws(DriverError) -> any DeadLetterReader {
    throw DriverError(.notSupported, "this driver does not show dead letters")
  }
}

/// The processes of a worker's pool.
public struct ChildPoolOptions: Sendable {
  /// What they run.
  public var program: TaskChildProgram
  /// How many there are at first.
  public var count: Int
  /// How many there may be, beside as many that finish what they have begun.
  public var limit: Int
  /// After how many tasks each is replaced; nil for never.
  public var maxTasksPerChild: Int?
  /// How many tasks each is given beside the one that it executes.
  public var tasksAhead: Int

  /// So many children of `program`.
  /// - Parameter limit: How many there may be; nil for `count`, and never fewer.
  public init(
    program: TaskChildProgram, count: Int, limit: Int? = nil, maxTasksPerChild: Int? = nil, tasksAhead: Int = 0
  ) {
    self.program = program
    self.count = count
    self.limit = max(count, limit ?? count)
    self.maxTasksPerChild = maxTasksPerChild
    self.tasksAhead = tasksAhead
  }
}

/// What leads to an inbox.
public struct InboxBinding: Sendable, Equatable {
  /// The exchange.
  public var exchange: String
  /// The binding key.
  public var key: String

  /// A binding.
  public init(exchange: String, key: String = "") {
    self.exchange = exchange
    self.key = key
  }
}
