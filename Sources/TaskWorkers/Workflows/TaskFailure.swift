public import Serialization

/// An error that a task ended with, as it reaches those who wait for the task and its errbacks.
public struct TaskFailure: Error, Sendable, Equatable {
  /// The task.
  public var task: TaskIdentifier
  /// Its name.
  public var name: String
  /// The name of the error's type, e.g. `ValueError`, `ChordError`, `TimeLimitExceeded`.
  public var typeName: String
  /// The error's text.
  public var text: String

  /// A failure.
  public init(task: TaskIdentifier, name: String, typeName: String, text: String) {
    self.task = task
    self.name = name
    self.typeName = typeName
    self.text = text
  }
}

extension TaskFailure: CustomStringConvertible {
  /// Type and text, as logs and chords show them.
  public var description: String { text.isEmpty ? typeName : "\(typeName): \(text)" }
}

extension TaskFailure: SerializableValue {
  private static let fields: FieldNames = ["task_id", "task", "exc_type", "exc_message"]

  /// Writes a record.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) {
    writer.beginRecord(fieldCount: Self.fields.count)
    writer.field("task_id", task)
    writer.field("task", name)
    writer.field("exc_type", typeName)
    writer.field("exc_message", text)
    writer.endRecord()
  }

  /// Reads a record.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    self.init(task: .none, name: "", typeName: "", text: "")
    var cursor = try reader.beginRecord(Self.fields)
    while let field = try reader.nextField(&cursor, of: Self.fields) {
      switch field {
      case 0: task = try reader.value()
      case 1: name = try reader.string()
      case 2: typeName = try reader.string()
      default: text = try reader.string()
      }
    }
  }
}
