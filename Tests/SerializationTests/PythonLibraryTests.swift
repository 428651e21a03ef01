import Distributions
import Serialization
import Testing

/// Independent implementations read what we write, and we read what they write: PyPI's msgpack and cbor2.
@Suite struct PythonLibraryTests {
  @Test func pythonsLibrariesAgreeInBothDirections() throws {
    for serializer in [Serializer.messagepack, .cbor] { try exchange(serializer) }
  }

  private func exchange(_ serializer: Serializer) throws {
    let seed = 51
    var values = RandomValues(for: serializer, seed: UInt64(seed))
    // Keys that Python's dictionaries take, and tags that its library leaves alone.
    values.takesAnyKey = false
    values.kinds.removeAll { $0 == .tagged }
    // Type -1 is the timestamp, below.
    values.extensionTypes = 0...127
    var lines = ""
    for _ in 0..<600 {
      let value = try enclosed(values.value(), serializer, &values.random)
      lines += try "\(Hex.text(document(value, serializer))) \(value.notation)\n"
    }
    let folder = try TemporaryFolder()
    try folder.write(Array(lines.utf8), to: "swift.txt")
    let (swift, theirs) = ("\(folder.path)/swift.txt", "\(folder.path)/python.txt")
    guard try PythonPeers.run("check_formats.py", serializer.rawValue, swift, theirs, "\(seed)") != nil else { return }
    for line in String(decoding: try folder.read("python.txt"), as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ")
      let value = try serializer.decode(SerializedValue.self, from: Hex.bytes(String(parts[0])))
      #expect(value.notation == parts[1], "\(serializer), seed \(seed)")
    }
  }

  /// The value in a tag for CBOR, beside a timestamp for MessagePack.
  private func enclosed(
    _ value: SerializedValue, _ serializer: Serializer, _ random: inout SplitMix64
  ) throws -> SerializedValue {
    if serializer == .cbor { return .tagged(1_000_000 + random.next() >> 24, value) }
    let timestamp = try #require(
      MessagePackTimestamp(
        seconds: Int64(random.below(1 << 35)), nanoseconds: UInt32(random.below(2) * random.below(1_000_000_000))))
    return [value, .extended(type: MessagePackTimestamp.extensionType, content: timestamp.content)]
  }
}

extension SerializedValue {
  /// A text that says the type of everything in the value, as `check_formats.py` writes it.
  fileprivate var notation: String {
    switch self {
    case .null: "n"
    case .bool(let value): value ? "t" : "f"
    case .integer(let value): "i\(value)"
    case .unsigned(let value): "i\(value)"
    case .negative(let value): "i\(-1 - Int128(value))"
    case .float(let value): "d" + Hex.text((0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) })
    case .string(let value): "s" + Hex.text(Array(value.utf8))
    case .bytes(let value): "b" + Hex.text(value)
    case .array(let elements): "[" + elements.map(\.notation).joined(separator: ",") + "]"
    case .map(let entries):
      "{" + entries.map { "\($0.key.notation)=\($0.value.notation)" }.joined(separator: ",") + "}"
    case .tagged(let number, let value): "g\(number)(\(value.notation))"
    case .extended(let type, let content): "x\(type):\(Hex.text(content))"
    case .simple(let number): "u\(number)"
    }
  }
}
