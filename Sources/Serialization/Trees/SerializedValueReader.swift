/// Reads values out of a `SerializedValue`, for formats whose library gives the whole value at once.
struct SerializedValueReader: ValueReader, ~Copyable {
  /// A container that is being read: what is left of it, the next one last.
  private enum Open {
    case array([SerializedValue])
    case map([SerializedValue.Entry])
  }

  private var open: [Open] = []
  /// The value, and before it the key, to be read next.
  private var next: SerializedValue?
  private var nextKey: SerializedValue?
  private var budget: DecodingBudget
  /// Holds the text or bytes that were given last.
  private var scratch = ByteWriter(limit: .max)

  /// Begins with all of `value`.
  init(_ value: SerializedValue, limits: DecodingLimits) {
    next = value
    budget = DecodingBudget(limits)
  }

  /// A value of a type, read from all of `tree`.
  static func read<Value: SerializableValue>(
    _ type: Value.Type, from tree: SerializedValue, limits: DecodingLimits
  ) throws(SerializationError) -> Value {
    var reader = SerializedValueReader(tree, limits: limits)
    let value = try Value(from: &reader)
    try reader.finish()
    return value
  }

  /// Always 0: a tree has no bytes.
  var offset: Int { 0 }

  private mutating func take() throws(SerializationError) -> SerializedValue {
    guard let value = next else { throw error(.truncated) }
    next = nil
    return value
  }

  /// Reads a null.
  mutating func null() throws(SerializationError) {
    guard case .null = try take() else { throw error(.typeMismatch) }
  }

  /// Reads a truth value.
  mutating func bool() throws(SerializationError) -> Bool {
    guard case .bool(let value) = try take() else { throw error(.typeMismatch) }
    return value
  }

  /// Reads a whole number.
  mutating func integer() throws(SerializationError) -> Int64 {
    switch try take() {
    case .integer(let value): return value
    case .unsigned(let value):
      guard let fitting = Int64(exactly: value) else { throw error(.outOfRange) }
      return fitting
    case .negative: throw error(.outOfRange)
    default: throw error(.typeMismatch)
    }
  }

  /// Reads a whole number that is not negative.
  mutating func unsigned() throws(SerializationError) -> UInt64 {
    switch try take() {
    case .unsigned(let value): return value
    case .integer(let value):
      guard let fitting = UInt64(exactly: value) else { throw error(.outOfRange) }
      return fitting
    case .negative: throw error(.outOfRange)
    default: throw error(.typeMismatch)
    }
  }

  /// Reads a number.
  mutating func float() throws(SerializationError) -> Double {
    switch try take() {
    case .float(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .negative(let value): -1 - Double(value)
    default: throw error(.typeMismatch)
    }
  }

  /// Reads a number of single precision.
  mutating func single() throws(SerializationError) -> Float { Float(try float()) }

  /// Reads text.
  mutating func string() throws(SerializationError) -> String {
    guard case .string(let value) = try take() else { throw error(.typeMismatch) }
    try charge(value.utf8.count)
    return value
  }

  /// Reads text into memory of the reader.
  mutating func text() throws(SerializationError) -> BorrowedBytes {
    guard case .string(let value) = try take() else { throw error(.typeMismatch) }
    return keep(value)
  }

  /// Reads bytes into memory of the reader.
  mutating func bytes() throws(SerializationError) -> BorrowedBytes {
    guard case .bytes(let value) = try take() else { throw error(.typeMismatch) }
    scratch.removeAll()
    scratch.append(value)
    return scratch.bytes
  }

  private mutating func keep(_ text: String) -> BorrowedBytes {
    scratch.removeAll()
    scratch.append(text)
    return scratch.bytes
  }

  /// Goes into an array.
  mutating func beginArray() throws(SerializationError) -> ContainerCursor {
    guard case .array(let elements) = try take() else { throw error(.typeMismatch) }
    try enter(count: elements.count)
    open.append(.array(elements.reversed()))
    return ContainerCursor(count: elements.count)
  }

  /// Goes on to the next element.
  mutating func nextElement(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    guard case .array(var elements)? = open.popLast() else { throw error(.malformed) }
    guard let element = elements.popLast() else { return leave() }
    open.append(.array(elements))
    next = element
    cursor.remaining = elements.count
    return true
  }

  /// Goes into a map.
  mutating func beginMap() throws(SerializationError) -> ContainerCursor {
    guard case .map(let entries) = try take() else { throw error(.typeMismatch) }
    try enter(count: entries.count)
    open.append(.map(entries.reversed()))
    return ContainerCursor(count: entries.count)
  }

  /// Goes on to the key of the next entry.
  mutating func nextEntry(_ cursor: inout ContainerCursor) throws(SerializationError) -> Bool {
    guard case .map(var entries)? = open.popLast() else { throw error(.malformed) }
    guard let entry = entries.popLast() else { return leave() }
    open.append(.map(entries))
    nextKey = entry.key
    next = entry.value
    cursor.remaining = entries.count
    return true
  }

  private mutating func enter(count: Int) throws(SerializationError) {
    guard count <= budget.limits.length else { throw error(.lengthLimit(budget.limits.length)) }
    guard budget.enter() else { throw error(.depthLimit(budget.limits.depth)) }
  }

  private mutating func leave() -> Bool {
    budget.leave()
    return false
  }

  /// Reads a key that is text.
  mutating func key() throws(SerializationError) -> String {
    guard case .string(let name) = try dynamicKey() else { throw error(.typeMismatch) }
    return name
  }

  /// Reads a key that is text into memory of the reader.
  mutating func keyText() throws(SerializationError) -> BorrowedBytes { keep(try key()) }

  /// Reads a key of any kind.
  mutating func dynamicKey() throws(SerializationError) -> SerializedValue {
    guard let key = nextKey else { throw error(.malformed) }
    nextKey = nil
    return key
  }

  /// Goes into a record: a map.
  mutating func beginRecord(_ names: FieldNames) throws(SerializationError) -> ContainerCursor { try beginMap() }

  /// Goes on to the value of the next field with one of the names.
  mutating func nextField(
    _ cursor: inout ContainerCursor, of names: FieldNames
  ) throws(SerializationError) -> Int? {
    while try nextEntry(&cursor) {
      if let index = names.index(of: try keyText(), guess: cursor.nextField) {
        cursor.nextField = index + 1
        return index
      }
      try skipValue()
    }
    return nil
  }

  /// Whether an optional value is present.
  mutating func isPresent() throws(SerializationError) -> Bool {
    guard case .null? = next else { return true }
    next = nil
    return false
  }

  /// The kind of the next value.
  mutating func dynamicKind() throws(SerializationError) -> ValueKind {
    guard let next else { throw error(.truncated) }
    return next.kind
  }

  /// Passes over one value.
  mutating func skipValue() throws(SerializationError) { _ = try take() }

  /// Reads a number below `Int64.min`.
  mutating func negative() throws(SerializationError) -> UInt64 {
    guard case .negative(let value) = try take() else { throw error(.typeMismatch) }
    return value
  }

  /// Reads what the value that follows means.
  mutating func tag() throws(SerializationError) -> UInt64 {
    guard case .tagged(let number, let content) = try take() else { throw error(.typeMismatch) }
    guard budget.enter() else { throw error(.depthLimit(budget.limits.depth)) }
    next = content
    return number
  }

  /// Comes out of the tag read last.
  mutating func endTagged() { budget.leave() }

  /// Reads bytes and what they mean.
  mutating func extended() throws(SerializationError) -> (type: Int8, content: BorrowedBytes) {
    guard case .extended(let type, let content) = try take() else { throw error(.typeMismatch) }
    scratch.removeAll()
    scratch.append(content)
    return (type, scratch.bytes)
  }

  /// Reads a value without a content.
  mutating func simple() throws(SerializationError) -> UInt8 {
    guard case .simple(let number) = try take() else { throw error(.typeMismatch) }
    return number
  }

  /// Counts memory that the decoded value is about to take.
  mutating func charge(_ byteCount: Int) throws(SerializationError) {
    guard budget.charge(byteCount) else { throw error(.allocationLimit(budget.limits.allocation)) }
  }

  /// Throws unless everything has been read.
  mutating func finish() throws(SerializationError) {
    guard next == nil && nextKey == nil && open.isEmpty else { throw error(.trailingBytes) }
  }
}
