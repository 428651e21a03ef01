import DriverInterface
public import Serialization

/// A task that takes what the tasks before it returned, beside its own arguments: a callback, a later task of a chain, the body of a
/// chord, an errback.
///
/// ```
/// struct Add: TaskWithInput {
///   let y: Int
///   func run(_ x: Int, _ context: TaskContext) throws -> Int { x + y }
/// }
/// ```
/// `Input` is what the task before returns; after a group an array of that, in the members' order; of an errback `TaskFailure`. As an
/// optional it is nil when the task is sent alone or is immutable; otherwise such a task fails with `MissingTaskInput`. A body whose
/// header mixes types takes `TaskInput`, the bytes as they came.
public protocol TaskWithInput: Codable, Sendable {
  /// What it takes.
  associatedtype Input: Sendable
  /// What it returns: something `Codable`, a `SerializableValue`, or nothing.
  associatedtype Output: Sendable

  /// The name in messages; the type's own when nothing else is said, without what it is nested in: `Send` of `Mail.Send`.
  static var name: String { get }
  /// What holds for all tasks of this name; `static let`, since every call asks for it.
  static var options: TaskOptions { get }

  /// Does the work.
  func run(_ input: Input, _ context: TaskContext) throws -> Output
}

extension TaskWithInput {
  public static var name: String { String(describing: Self.self) }
  public static var options: TaskOptions { TaskOptions() }
}

/// A task that takes the result of others was sent without one.
public struct MissingTaskInput: Error, Sendable, CustomStringConvertible {
  /// An error without details.
  public init() {}

  /// What happened.
  public var description: String { "the task takes the result of a task before it, and there was none" }
}

/// The same task over many arguments, one after the other in one message: the field's `map`. Returns the list of the results, so that the
/// task must have one.
///
/// Whoever registers a task registers this too.
public struct MappedTask<Item: TaskDefinition>: TaskDefinition {
  /// The arguments of each.
  public let items: [Item]

  /// A task that does these.
  public init(_ items: [Item]) { self.items = items }

  /// The task's name and `.map`.
  public static var name: String { Item.name + ".map" }
  /// Those of the task.
  public static var options: TaskOptions { Item.options }

  /// Does one after the other; the first error ends it.
  public func run(_ context: TaskContext) throws -> [Item.Output] {
    try items.map { item in
      try context.checkStop()
      return try item.run(context)
    }
  }
}

extension MappedTask: SerializableValue where Item: SerializableValue {
  /// Writes a list of the arguments.
  public func encode<Writer: ValueWriter & ~Copyable>(into writer: inout Writer) { items.encode(into: &writer) }

  /// Reads a list of arguments.
  public init<Reader: ValueReader & ~Copyable>(from reader: inout Reader) throws(SerializationError) {
    items = try reader.value()
  }
}

// MARK: - From bytes

extension TaskInput {
  /// The input of a message; nil without one, or when it is damaged.
  init?(_ envelope: TaskEnvelope) {
    guard let bytes = envelope.bytes(of: .input) else { return nil }
    self.init(encoded: bytes.copy)
  }

  /// The input of a message as a type.
  static func value<Value>(of envelope: TaskEnvelope, as type: Value.Type) throws -> Value {
    try value(of: TaskInput(envelope), as: type)
  }

  /// An input, or its absence, as a type.
  static func value<Value>(of input: TaskInput?, as type: Value.Type) throws -> Value {
    guard let input else {
      guard let absent = (type as? any AbsentInput.Type)?.absent as? Value else { throw MissingTaskInput() }
      return absent
    }
    if let input = input as? Value { return input }
    switch input {
    case .single(let part): return try TaskContent.decode(type, from: try SerializedBytes(part))
    case .group(let parts):
      guard let value = try (type as? any InputList.Type)?.decoding(parts) as? Value else {
        throw TaskResultError.undecodable(SerializationError(.typeMismatch, at: 0))
      }
      return value
    }
  }
}

extension SerializedBytes {
  /// The bytes of a part. Throws when its codes are unknown ones.
  init(_ part: TaskInput.Part) throws(TaskResultError) {
    guard let serializer = Serializer(code: part.serializerCode),
      let compression = Compression(code: part.compressionCode)
    else { throw .undecodable(SerializationError(.malformed, at: 0)) }
    self.init(part.bytes, serializer: serializer, compression: compression)
  }
}

/// An input that may be absent.
private protocol AbsentInput {
  static var absent: Self { get }
}

extension Optional: AbsentInput {
  fileprivate static var absent: Wrapped? { nil }
}

/// An input that is the list of a group's results.
private protocol InputList {
  static func decoding(_ parts: [TaskInput.Part]) throws(TaskResultError) -> Self
}

extension Array: InputList {
  fileprivate static func decoding(_ parts: [TaskInput.Part]) throws(TaskResultError) -> [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(parts.count)
    let contents = try InputContents(parts)
    for index in parts.indices { elements.append(try contents.decode(Element.self, at: index)) }
    return elements
  }
}

extension Optional: InputList {
  fileprivate static func decoding(_ parts: [TaskInput.Part]) throws(TaskResultError) -> Wrapped? {
    guard let list = Wrapped.self as? any InputList.Type else {
      throw .undecodable(SerializationError(.typeMismatch, at: 0))
    }
    return try list.decoding(parts) as? Wrapped
  }
}
