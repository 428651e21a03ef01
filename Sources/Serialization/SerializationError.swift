/// Why a value could not be encoded or a document could not be decoded, and at which byte.
@frozen
public struct SerializationError: Error, Sendable {
  /// What went wrong.
  @frozen
  public enum Reason: Sendable {
    /// The document ends in the middle of a value.
    case truncated
    /// The document goes on after its value.
    case trailingBytes
    /// The bytes are not of this format.
    case malformed
    /// A string is not valid UTF-8.
    case invalidText
    /// A value is of another kind than the one asked for.
    case typeMismatch
    /// A number does not fit the type asked for, or text stands for no case of the type asked for.
    case outOfRange
    /// A record lacks a field that its type needs.
    case missingField(StaticString)
    /// The format has no way to express the value, or the serializer no way to express the type.
    case unsupported
    /// Arrays and maps are nested deeper than the limit.
    case depthLimit(Int)
    /// A string, array or map is longer than the limit.
    case lengthLimit(Int)
    /// The decoded value would take more memory than the limit.
    case allocationLimit(Int)
    /// The encoded bytes are more than the limit of their `ByteWriter`.
    case sizeLimit(Int)
  }

  /// What went wrong.
  public var reason: Reason
  /// How many bytes of the document, read or written, lie before the place where it went wrong.
  public var offset: Int
  /// The error of a library beneath, if that is the cause.
  public var underlying: (any Error)?

  /// Creates an error.
  public init(_ reason: Reason, at offset: Int, underlying: (any Error)? = nil) {
    self.reason = reason
    self.offset = offset
    self.underlying = underlying
  }

  /// The same out of the readers' way. It takes numbers alone: a call that took the reader itself had the compiler copy all of it
  /// before every look at its bytes, and a copy waits for the store of the position just before (Swift 6.3.1).
  @inlinable @inline(never)
  static func make(_ reason: Reason, at offset: Int) -> SerializationError { SerializationError(reason, at: offset) }
}

extension SerializationError: CustomStringConvertible {
  /// One sentence with the place, and the cause where there is one.
  public var description: String {
    let cause = underlying.map { ": \($0)" } ?? ""
    return "byte \(offset): \(reason)\(cause)"
  }
}

extension SerializationError.Reason: CustomStringConvertible {
  /// One sentence without the place.
  public var description: String {
    switch self {
    case .truncated: "the document ends in the middle of a value"
    case .trailingBytes: "the document goes on after its value"
    case .malformed: "these bytes are not of the format"
    case .invalidText: "a string is not valid UTF-8"
    case .typeMismatch: "the value is of another kind than the one asked for"
    case .outOfRange: "the value is outside of what its type can hold"
    case .missingField(let name): "the record has no field '\(name)'"
    case .unsupported: "the format cannot express this value"
    case .depthLimit(let limit): "values are nested deeper than \(limit)"
    case .lengthLimit(let limit): "a string, array or map is longer than \(limit)"
    case .allocationLimit(let limit): "the value would take more than \(limit) bytes of memory"
    case .sizeLimit(let limit): "the encoded value is larger than \(limit) bytes"
    }
  }
}

extension SerializationError.Reason: Equatable {
  /// Whether two reasons are the same, with the same limit or field.
  public static func == (left: Self, right: Self) -> Bool { left.description == right.description }
}
