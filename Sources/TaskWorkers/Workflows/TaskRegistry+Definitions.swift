import DriverInterface
import Serialization

extension TaskRegistry {
  /// Adds a task of the typed level, and `MappedTask` of it. Of two types with the same name one needs another: `static let name`.
  public mutating func register<Task: TaskDefinition>(_ type: Task.Type) {
    addPlain(type)
    addPlain(MappedTask<Task>.self)
  }

  private mutating func addPlain<Task: TaskDefinition>(_ type: Task.Type) {
    add(Task.self, Task.name, Task.options) { invocation, writer in
      let task = try TaskContent.decode(
        Task.self, unsafe BorrowedBytes(invocation.arguments.bytes), invocation.serializer)
      try TaskContent.encode(try task.run(invocation.context), invocation.serializer, into: &writer)
    }
  }

  /// Adds a task that takes what the tasks before it returned.
  public mutating func register<Task: TaskWithInput>(_ type: Task.Type) {
    add(Task.self, Task.name, Task.options) { invocation, writer in
      let task = try TaskContent.decode(
        Task.self, unsafe BorrowedBytes(invocation.arguments.bytes), invocation.serializer)
      let input = try TaskInput.value(of: invocation.envelope, as: Task.Input.self)
      try TaskContent.encode(try task.run(input, invocation.context), invocation.serializer, into: &writer)
    }
  }

  /// Adds a task that waits.
  public mutating func register<Task: AsyncTaskDefinition>(_ type: Task.Type) {
    addAsync(Task.self, Task.name, Task.options) { context, arguments in
      let task: Task = try TaskContent.decode(Task.self, from: arguments)
      var writer = ByteWriter(capacity: 256)
      try TaskContent.encode(try await task.run(context), arguments.serializer, into: &writer)
      return writer.copied()
    }
  }

  /// Adds a task that waits, and takes what the tasks before it returned.
  public mutating func register<Task: AsyncTaskWithInput>(_ type: Task.Type) {
    addAsync(Task.self, Task.name, Task.options) { context, arguments in
      let task: Task = try TaskContent.decode(Task.self, from: arguments)
      let input = try TaskInput.value(of: context.input, as: Task.Input.self)
      var writer = ByteWriter(capacity: 256)
      try TaskContent.encode(try await task.run(input, context), arguments.serializer, into: &writer)
      return writer.copied()
    }
  }

  private mutating func addAsync(
    _ type: Any.Type, _ name: String, _ options: TaskOptions, _ handler: @escaping AsyncTaskHandler
  ) {
    add(Entry(name: name, options: options, work: .asynchronous(handler), definition: String(reflecting: type)))
  }

  private mutating func add(
    _ type: Any.Type, _ name: String, _ options: TaskOptions, _ handler: @escaping TaskHandler
  ) {
    add(Entry(name: name, options: options, work: .synchronous(handler), definition: String(reflecting: type)))
  }
}
