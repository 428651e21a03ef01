/// The JSON text that a `JSONTextEncoder` has written so far, and what is still open in it.
///
/// A value that is being encoded has a frame on the stack. Its members are written in the order in which they come;
/// when it is complete, an object whose keys came out of order is put in order by moving the written bytes.
struct JSONText {
  /// What a frame turned out to be; `none` until its value asks for a container.
  enum Shape { case none, scalar, array, object }

  /// A member of an object: its key and where its text, `"key":value`, begins.
  struct Member {
    var key: String
    var start: Int
  }

  /// One value being encoded.
  struct Frame {
    var shape = Shape.none
    var start: Int
    var members: [Member] = []
    var elementCount = 0
  }

  private(set) var bytes: [UInt8] = []
  private var frames: [Frame] = []

  /// The keys from the root to here, for errors only.
  var codingPath: [any CodingKey] {
    frames.compactMap { frame in
      switch frame.shape {
      case .object: frame.members.last.map { JSONPathKey(stringValue: $0.key) }
      case .array: JSONPathKey(intValue: frame.elementCount - 1)
      case .none, .scalar: nil
      }
    }
  }

  /// Begins a value of yet unknown shape.
  mutating func open() { frames.append(Frame(start: bytes.count)) }

  /// Says what the value on top of the stack is.
  mutating func become(_ shape: Shape) {
    let top = frames.count - 1
    precondition(frames[top].shape == .none, "a value opens one container, and none after another value")
    frames[top].shape = shape
    if shape == .object { bytes.append(UInt8(ascii: "{")) }
    if shape == .array { bytes.append(UInt8(ascii: "[")) }
  }

  /// Ends the value on top of the stack. One that asked for no container at all is an empty object.
  mutating func close() {
    let frame = frames.removeLast()
    switch frame.shape {
    case .none: bytes.append(contentsOf: "{}".utf8)
    case .scalar: break
    case .array: bytes.append(UInt8(ascii: "]"))
    case .object:
      sortMembers(of: frame)
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Begins a member of the object on top of the stack.
  mutating func beginMember(_ key: some CodingKey) {
    let top = frames.count - 1
    if !frames[top].members.isEmpty { bytes.append(UInt8(ascii: ",")) }
    frames[top].members.append(Member(key: key.stringValue, start: bytes.count))
    append(key.stringValue)
    bytes.append(UInt8(ascii: ":"))
  }

  /// Begins an element of the array on top of the stack.
  mutating func beginElement() {
    let top = frames.count - 1
    if frames[top].elementCount > 0 { bytes.append(UInt8(ascii: ",")) }
    frames[top].elementCount += 1
  }

  var elementCount: Int { frames[frames.count - 1].elementCount }

  mutating func appendNull() { bytes.append(contentsOf: "null".utf8) }

  mutating func append(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }

  mutating func appendInteger(_ value: some BinaryInteger) { bytes.append(contentsOf: String(value).utf8) }

  /// The shortest decimal that reads back as the same number; whole numbers without a fraction.
  mutating func append(_ value: Double) throws {
    guard value.isFinite else {
      throw EncodingError.invalidValue(
        value, EncodingError.Context(codingPath: codingPath, debugDescription: "\(value) is not a number of JSON"))
    }
    let text = value.description.utf8
    bytes.append(contentsOf: text.suffix(2).elementsEqual(".0".utf8) ? text.dropLast(2) : text[...])
  }

  mutating func append(_ value: String) {
    let start = bytes.count
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: value.utf8)
    // Looked for in the array rather than in the string: a plain loop over bytes instead of one over views.
    if bytes[(start + 1)...].contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      bytes.removeSubrange((start + 1)...)
      for byte in value.utf8 { appendEscaped(byte) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
    case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
    case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
    case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
    case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
    case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
    case 0..<0x20:
      let digits = String(byte, radix: 16)
      bytes.append(contentsOf: "\\u00\(byte < 0x10 ? "0" : "")\(digits)".utf8)
    default: bytes.append(byte)
    }
  }

  /// Every level moves its bytes at most once, so that the work is linear in the text times its depth.
  private mutating func sortMembers(of frame: Frame) {
    let members = frame.members
    guard zip(members, members.dropFirst()).contains(where: { $0.key > $1.key }) else { return }
    let ends = members.dropFirst().map { $0.start - 1 } + [bytes.count]
    var sorted: [UInt8] = []
    sorted.reserveCapacity(bytes.count - frame.start)
    for index in members.indices.sorted(by: { members[$0].key < members[$1].key }) {
      if !sorted.isEmpty { sorted.append(UInt8(ascii: ",")) }
      sorted.append(contentsOf: bytes[members[index].start..<ends[index]])
    }
    bytes.replaceSubrange((frame.start + 1)..., with: sorted)
  }
}
