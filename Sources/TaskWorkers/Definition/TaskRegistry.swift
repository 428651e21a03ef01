/// The tasks that a worker knows, by name. Filled before the worker starts; a worker keeps a copy.
public struct TaskRegistry: Sendable {
  /// One task.
  public struct Entry: Sendable {
    /// Its name.
    public let name: String
    /// What holds for all tasks of that name.
    public let options: TaskOptions
    /// What does the work.
    public let work: Work
    /// The type that defines it, in full; nil for one of the raw level.
    let definition: String?
  }

  /// What does the work of a task.
  public enum Work: Sendable {
    /// On the thread that the pool gives it.
    case synchronous(TaskHandler)
    /// On Swift's concurrency pool.
    case asynchronous(AsyncTaskHandler)
    /// For up to so many messages at once of what a worker has taken, on its own thread or in a lane of its pool. There they succeed, fail
    /// and are lost by themselves, but run, are killed and are run again together.
    case batch(limit: Int, TaskBatchHandler)
  }

  /// How many tasks there may be.
  public static let limit = 4096

  /// All tasks, in the order of their registration.
  public private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  /// A registry without tasks.
  public init() {}

  /// Adds a task of the raw level.
  public mutating func register(
    _ name: String, options: TaskOptions = TaskOptions(), handler: @escaping TaskHandler
  ) {
    add(Entry(name: name, options: options, work: .synchronous(handler), definition: nil))
  }

  /// Adds a task of the raw level that waits.
  public mutating func registerAsync(
    _ name: String, options: TaskOptions = TaskOptions(), handler: @escaping AsyncTaskHandler
  ) {
    add(Entry(name: name, options: options, work: .asynchronous(handler), definition: nil))
  }

  /// Adds a task that is done for up to `limit` messages at once.
  public mutating func registerBatch(
    _ name: String, options: TaskOptions = TaskOptions(), limit: Int, handler: @escaping TaskBatchHandler
  ) {
    precondition(limit > 0, "a batch has room for a message")
    add(Entry(name: name, options: options, work: .batch(limit: limit, handler), definition: nil))
  }

  /// Adds a task; one of the same name takes the place of the one before, as in the field. Not so another type of the same name: its
  /// messages would be read as those of this one.
  mutating func add(_ entry: Entry) {
    precondition((1...Int(UInt16.max)).contains(entry.name.utf8.count), "a task's name has 1 to 65,535 bytes")
    if let place = places[entry.name] {
      let (former, new) = (entries[place].definition ?? "", entry.definition ?? "")
      precondition(
        former.isEmpty || new.isEmpty || former == new,
        "\(former) and \(new) are both tasks named '\(entry.name)': give one of them a name of its own (static let name)"
      )
      entries[place] = entry
    } else {
      precondition(entries.count < Self.limit, "more than \(Self.limit) tasks")
      places[entry.name] = entries.count
      entries.append(entry)
    }
  }

  /// The task of this name.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }
}
