public import Serialization

/// Bytes that a serializer and a compression made, with what they were.
public struct SerializedBytes: Sendable, Equatable {
  /// The bytes.
  public var bytes: [UInt8]
  /// `content_type`.
  public var serializer: Serializer
  /// `content_encoding`.
  public var compression: Compression

  /// Bytes as `serializer` made them, compressed with `compression` afterwards.
  public init(_ bytes: [UInt8], serializer: Serializer, compression: Compression = .none) {
    self.bytes = bytes
    self.serializer = serializer
    self.compression = compression
  }
}

/// A task that could be sent: its name, its arguments, how to send it, and what follows it.
///
/// A value like any other: it can be kept, sent several times, and put into another one.
public struct Signature: Sendable, Equatable {
  /// The task's name.
  public var task: String
  /// Its arguments.
  public var arguments: SerializedBytes
  /// How it is sent.
  public var options: ApplyOptions
  /// The identity that its task will have; nil for a new one each time it is sent.
  public var identifier: TaskIdentifier?
  /// Whether it takes nothing from the tasks before it: the field's `si`.
  public var isImmutable = false
  /// What the tasks before it returned, once that is known.
  public var input: TaskInput?
  /// The signatures that run side by side in its place: it is a group then, and no task.
  public var members: [Signature] = []
  /// What it is a part of.
  public var relations = TaskRelations()
  /// What follows it, in this order: `chain`.
  public var chain: [Signature] = []
  /// What follows when all tasks of its group are done: at most one; an array because a value cannot hold itself.
  public var chord: [Signature] = []

  /// A signature.
  public init(_ task: String, arguments: SerializedBytes, options: ApplyOptions = ApplyOptions()) {
    self.task = task
    self.arguments = arguments
    self.options = options
  }
}

extension Signature {
  /// The name that a group has in place of a task's, as in the field.
  public static let groupName = "celery.group"

  /// A group: what follows it follows each of `members`.
  init(members: [Signature]) {
    self.init(Self.groupName, arguments: SerializedBytes([], serializer: .raw))
    self.members = members
  }
}

/// What a task is a part of.
public struct TaskRelations: Sendable, Equatable {
  /// The first task of the workflow: `root_id`.
  public var root: TaskIdentifier?
  /// The task that sent this one: `parent_id`.
  public var parent: TaskIdentifier?
  /// What the tasks of a group have in common: `group`.
  public var group: TaskIdentifier?
  /// Which one of its group it is, from 0: `group_index`.
  public var groupIndex: UInt32?
  /// How many tasks the group of its chord has: `chord_size`.
  public var chordSize: UInt32?

  /// No relations.
  public init() {}
}
