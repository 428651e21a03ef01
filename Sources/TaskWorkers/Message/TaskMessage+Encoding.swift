public import Serialization

/// Why a message could not be written.
public enum TaskMessageError: Error, Sendable, Equatable {
  /// The name has no bytes, or more than 65,535.
  case nameByteCount(Int)
  /// The message is larger than `TaskEnvelope.byteCountLimit`.
  case tooLarge
  /// Signatures are in one another more than `Signature.depthLimit` deep.
  case nestedTooDeep
}

extension TaskMessage {
  /// Appends the message to `writer`, as `TaskEnvelope` reads it.
  public func encode(into writer: inout ByteWriter) throws(TaskMessageError) {
    try encode(into: &writer, depth: 0)
  }

  /// The message's bytes.
  public func encoded() throws(TaskMessageError) -> [UInt8] {
    var writer = ByteWriter(capacity: 256, limit: TaskEnvelope.byteCountLimit)
    try encode(into: &writer)
    return writer.copied()
  }

  func encode(into writer: inout ByteWriter, depth: Int) throws(TaskMessageError) {
    guard depth <= Signature.depthLimit else { throw .nestedTooDeep }
    let start = writer.count
    let nameByteCount = task.utf8.count
    guard (1...Int(UInt16.max)).contains(nameByteCount) else { throw .nameByteCount(nameByteCount) }
    appendFixedPart(to: &writer, nameByteCount: UInt16(nameByteCount))
    writer.append(task)
    let optionalStart = writer.count
    let mask = try appendFields(to: &writer, depth: depth)
    let optionalByteCount = writer.count - optionalStart
    writer.append(arguments.bytes)
    guard !writer.hasOverflowed, writer.count - start <= TaskEnvelope.byteCountLimit else { throw .tooLarge }
    writer.overwrite(at: start + EnvelopeLayout.fields, littleEndian: mask)
    writer.overwrite(at: start + EnvelopeLayout.optionalByteCount, littleEndian: UInt32(optionalByteCount))
  }

  private func appendFixedPart(to writer: inout ByteWriter, nameByteCount: UInt16) {
    writer.append(littleEndian: EnvelopeLayout.magic)
    writer.append(arguments.serializer.code)
    writer.append(arguments.compression.code)
    writer.append(priority)
    writer.append(flags.rawValue)
    writer.append(littleEndian: identifier.high.byteSwapped)
    writer.append(littleEndian: identifier.low.byteSwapped)
    writer.append(littleEndian: correlation)
    writer.append(littleEndian: replyTo)
    for time in [eta, expires, softTimeLimit, timeLimit] { writer.append(littleEndian: time) }
    writer.append(littleEndian: retries)
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: nameByteCount)
    writer.append(littleEndian: UInt16(0))
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: UInt32(truncatingIfNeeded: arguments.bytes.count))
  }

  /// Appends those optional fields that there are; returns their bits.
  private func appendFields(to writer: inout ByteWriter, depth: Int) throws(TaskMessageError) -> UInt32 {
    var mask: UInt32 = 0
    for field in EnvelopeField.allCases {
      let start = writer.count
      writer.append(littleEndian: UInt32(0))
      guard try append(field, to: &writer, depth: depth) else {
        writer.truncate(to: start)
        continue
      }
      guard !writer.hasOverflowed else { throw .tooLarge }
      writer.overwrite(at: start, littleEndian: UInt32(writer.count - start - 4))
      mask |= field.bit
    }
    return mask
  }

  /// Appends one field; false, perhaps with bytes left behind, when the message does not have it.
  private func append(
    _ field: EnvelopeField, to writer: inout ByteWriter, depth: Int
  ) throws(TaskMessageError) -> Bool {
    switch field {
    case .rootID: writer.append(relations.root)
    case .parentID: writer.append(relations.parent)
    case .group: writer.append(relations.group)
    case .groupIndex: writer.append(relations.groupIndex)
    case .chordSize: writer.append(relations.chordSize)
    case .queue: writer.append(queue)
    case .routingKey: writer.append(routingKey)
    case .shadow: writer.append(shadow)
    case .lang: writer.append(lang)
    case .argsrepr: writer.append(argsrepr)
    case .kwargsrepr: writer.append(kwargsrepr)
    case .origin: writer.append(origin)
    case .headers: writer.append(headers)
    case .callbacks: try writer.append(callbacks, depth: depth + 1)
    case .errbacks: try writer.append(errbacks, depth: depth + 1)
    case .chain: try writer.append(chain, depth: depth + 1)
    case .chord: try writer.append(chord, depth: depth + 1)
    case .input: writer.append(input)
    case .members: try writer.append(members, depth: depth + 1)
    }
  }
}

extension ByteWriter {
  fileprivate mutating func append(_ identifier: TaskIdentifier?) -> Bool {
    guard let identifier else { return false }
    append(littleEndian: identifier.high.byteSwapped)
    append(littleEndian: identifier.low.byteSwapped)
    return true
  }

  fileprivate mutating func append(_ number: UInt32?) -> Bool {
    guard let number else { return false }
    append(littleEndian: number)
    return true
  }

  fileprivate mutating func append(_ text: String?) -> Bool {
    guard let text else { return false }
    append(text)
    return true
  }

  fileprivate mutating func append(_ input: TaskInput?) -> Bool {
    guard let input else { return false }
    append(input.encoded())
    return true
  }

  fileprivate mutating func append(_ headers: [String: String]) -> Bool {
    // Sorted, so that equal messages have equal bytes.
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
      for text in [name, value] {
        append(littleEndian: UInt32(text.utf8.count))
        append(text)
      }
    }
    return !headers.isEmpty
  }

  fileprivate mutating func append(_ signatures: [Signature], depth: Int) throws(TaskMessageError) -> Bool {
    for signature in signatures {
      let start = count
      append(littleEndian: UInt32(0))
      try signature.prototype.encode(into: &self, depth: depth)
      guard !hasOverflowed else { throw .tooLarge }
      overwrite(at: start, littleEndian: UInt32(count - start - 4))
    }
    return !signatures.isEmpty
  }
}
