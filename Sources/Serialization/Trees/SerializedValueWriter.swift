/// Builds a `SerializedValue` of what is written, for formats whose library wants the whole value at once.
///
/// Cost: it allocates for every container, and for every string that does not fit in place.
struct SerializedValueWriter: ValueWriter, ~Copyable {
  /// A container, or a tag, that is not complete yet.
  private enum Open {
    case array([SerializedValue])
    case map([SerializedValue.Entry], key: SerializedValue?, isRecord: Bool)
    case tagged(UInt64)
  }

  private var open: [Open] = []
  /// Whether a field of a record that holds an absent optional is left out, for formats that have no null.
  private let omitsAbsentFields: Bool
  /// What was written, when it is whole.
  private(set) var value: SerializedValue?
  /// The first failure.
  private(set) var failure: SerializationError?

  init(omitsAbsentFields: Bool = false) { self.omitsAbsentFields = omitsAbsentFields }

  /// The value that `source` writes.
  static func tree(
    of source: some SerializableValue, omitsAbsentFields: Bool = false
  ) throws(SerializationError) -> SerializedValue {
    var writer = SerializedValueWriter(omitsAbsentFields: omitsAbsentFields)
    source.encode(into: &writer)
    if let failure = writer.failure { throw failure }
    guard let value = writer.value else { throw SerializationError(.malformed, at: 0) }
    return value
  }

  /// Remembers the first failure.
  mutating func fail(_ reason: SerializationError.Reason) {
    if failure == nil { failure = SerializationError(reason, at: 0) }
  }

  /// Puts a whole value where it belongs: after what it completes.
  private mutating func put(_ finished: SerializedValue) {
    var finished = finished
    while case .tagged(let number) = open.last {
      open.removeLast()
      finished = .tagged(number, finished)
    }
    switch open.popLast() {
    case .array(var elements):
      elements.append(finished)
      open.append(.array(elements))
    case .map(var entries, let key, let isRecord):
      if let key { entries.append(.init(key: key, value: finished)) } else { fail(.malformed) }
      open.append(.map(entries, key: nil, isRecord: isRecord))
    case .tagged, nil: value = finished
    }
  }

  /// Adds null.
  mutating func null() { put(.null) }
  /// Adds a truth value.
  mutating func bool(_ value: Bool) { put(.bool(value)) }
  /// Adds a whole number.
  mutating func integer(_ value: Int64) { put(.integer(value)) }
  /// Adds a whole number.
  mutating func unsigned(_ value: UInt64) { put(Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)) }
  /// Adds a number.
  mutating func float(_ value: Double) { put(.float(value)) }
  /// Adds a number.
  mutating func single(_ value: Float) { put(.float(Double(value))) }
  /// Adds text.
  mutating func string(_ value: String) { put(.string(value)) }
  /// Adds a copy of text.
  mutating func text(_ utf8: BorrowedBytes) { put(.string(String(decoding: utf8.copied(), as: UTF8.self))) }
  /// Adds a copy of bytes.
  mutating func bytes(_ value: BorrowedBytes) { put(.bytes(value.copied())) }

  /// Begins an array.
  mutating func beginArray(count: Int) {
    var elements: [SerializedValue] = []
    elements.reserveCapacity(count)
    open.append(.array(elements))
  }

  /// Adds the array.
  mutating func endArray() {
    guard case .array(let elements)? = open.popLast() else { return fail(.malformed) }
    put(.array(elements))
  }

  /// Begins a map.
  mutating func beginMap(count: Int) { begin(count: count, isRecord: false) }

  private mutating func begin(count: Int, isRecord: Bool) {
    var entries: [SerializedValue.Entry] = []
    entries.reserveCapacity(count)
    open.append(.map(entries, key: nil, isRecord: isRecord))
  }

  /// Remembers the key for the value that follows.
  mutating func key(_ name: String) { dynamicKey(.string(name)) }

  /// Remembers the key for the value that follows.
  mutating func dynamicKey(_ key: SerializedValue) {
    guard case .map(let entries, nil, let isRecord)? = open.popLast() else { return fail(.malformed) }
    open.append(.map(entries, key: key, isRecord: isRecord))
  }

  /// Adds the map.
  mutating func endMap() {
    guard case .map(let entries, nil, _)? = open.popLast() else { return fail(.malformed) }
    put(.map(entries))
  }

  /// Begins a map.
  mutating func beginRecord(fieldCount: Int) { begin(count: fieldCount, isRecord: true) }
  /// Remembers the name for the value that follows.
  mutating func field(_ name: StaticString) { dynamicKey(.string("\(name)")) }
  /// Adds the map.
  mutating func endRecord() { endMap() }

  /// Adds null for a value that is absent, or forgets the field that should hold it; a value that is present follows.
  mutating func optional(isPresent: Bool) {
    guard !isPresent else { return }
    guard omitsAbsentFields, case .map(let entries, _?, true)? = open.last else { return null() }
    open[open.count - 1] = .map(entries, key: nil, isRecord: true)
  }
  /// Adds nothing: a tree says what its values are.
  mutating func dynamicKind(_ kind: ValueKind) {}

  /// Adds a whole number below `Int64.min`.
  mutating func negative(_ value: UInt64) { put(.negative(value)) }
  /// Remembers the tag for the value that follows.
  mutating func tag(_ number: UInt64) { open.append(.tagged(number)) }
  /// Adds bytes and what they mean.
  mutating func extended(type: Int8, _ content: BorrowedBytes) {
    put(.extended(type: type, content: content.copied()))
  }
  /// Adds a value without a content.
  mutating func simple(_ number: UInt8) { put(.simple(number)) }
}
