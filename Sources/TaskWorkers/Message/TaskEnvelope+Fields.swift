public import DriverInterface

extension TaskEnvelope {
  /// Which optional fields there are.
  @inlinable @inline(__always)
  var mask: UInt32 { body.number(at: EnvelopeLayout.fields, as: UInt32.self) }

  /// Whether the optional fields are known ones, fill their part exactly, and have the sizes they must have.
  @usableFromInline
  var hasWholeFields: Bool {
    guard mask & ~EnvelopeField.knownBits == 0 else { return false }
    let part = optionalPart
    var offset = 0
    for field in EnvelopeField.allCases where mask & field.bit != 0 {
      guard part.count - offset >= 4 else { return false }
      let count = Int(part.number(at: offset, as: UInt32.self))
      guard part.count - offset - 4 >= count, field.fixedByteCount ?? count == count else { return false }
      offset += 4 + count
    }
    return offset == part.count
  }

  private var optionalPart: MessageBody {
    body.part(at: EnvelopeLayout.fixedByteCount + nameByteCount, count: optionalByteCount)
  }

  /// The bytes of an optional field; nil without it. Cost: a step for each field before it.
  public func bytes(of field: EnvelopeField) -> MessageBody? {
    guard mask & field.bit != 0 else { return nil }
    let part = optionalPart
    var offset = 0
    for _ in 0..<(mask & (field.bit - 1)).nonzeroBitCount {
      offset += 4 + Int(part.number(at: offset, as: UInt32.self))
    }
    return part.part(at: offset + 4, count: Int(part.number(at: offset, as: UInt32.self)))
  }

  /// A field that is an identifier; nil without it, and when it is no such field.
  public func identifier(of field: EnvelopeField) -> TaskIdentifier? {
    guard let bytes = bytes(of: field), bytes.count == 16 else { return nil }
    return bytes.identifier(at: 0)
  }

  /// A field that is a number; nil without it, and when it is no such field.
  public func number(of field: EnvelopeField) -> UInt32? {
    guard let bytes = bytes(of: field), bytes.count == 4 else { return nil }
    return bytes.number(at: 0, as: UInt32.self)
  }

  /// A field as text; nil without it.
  public func text(of field: EnvelopeField) -> String? { bytes(of: field)?.text }

  /// What an application added; names that come twice count once.
  public var headers: [String: String] {
    var headers: [String: String] = [:]
    guard var rest = bytes(of: .headers).map(PartReader.init) else { return headers }
    while let name = rest.next(), let value = rest.next() { headers[name.text] = value.text }
    return headers
  }

  /// The messages of the signatures in a field, unsent; those that are not whole are left out.
  public func signatures(of field: EnvelopeField) -> [TaskEnvelope] {
    var found: [TaskEnvelope] = []
    guard var rest = bytes(of: field).map(PartReader.init) else { return found }
    while let part = rest.next() {
      if let envelope = TaskEnvelope(part) { found.append(envelope) }
    }
    return found
  }
}

/// Reads parts that each have their length in four bytes before them.
struct PartReader {
  private var rest: MessageBody

  init(_ body: MessageBody) { rest = body }

  /// The next part; nil when there is none, or not all of it.
  mutating func next() -> MessageBody? {
    guard rest.count >= 4 else { return nil }
    let count = Int(rest.number(at: 0, as: UInt32.self))
    guard rest.count - 4 >= count else { return nil }
    defer { rest = rest.part(at: 4 + count, count: rest.count - 4 - count) }
    return rest.part(at: 4, count: count)
  }
}
