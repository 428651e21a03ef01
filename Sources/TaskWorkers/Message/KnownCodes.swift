public import Serialization

/// A set of one-byte codes from 0 to 63, tested without a search.
@frozen
public struct CodeSet: Sendable, Hashable {
  @usableFromInline let bits: UInt64

  /// The codes of these serializers: what a worker accepts.
  public init(_ serializers: some Sequence<Serializer>) { self.init(codes: serializers.map(\.code)) }

  init(codes: [UInt8]) {
    bits = codes.reduce(0) { bits, code in
      precondition(code < 64, "code \(code) is not from 0 to 63")
      return bits | 1 << UInt64(code)
    }
  }

  /// Whether `code` is among them.
  @inlinable @inline(__always)
  public func contains(_ code: UInt8) -> Bool { bits >> UInt64(code) & 1 != 0 }
}

extension Set<Serializer> {
  /// Their content types, for people.
  var contentTypes: String { map(\.contentType).sorted().joined(separator: ", ") }
}

/// The codes that a message may have.
@usableFromInline
enum KnownCodes {
  @usableFromInline static let serializers = CodeSet(Serializer.allCases)
  @usableFromInline static let compressions = CodeSet(codes: Compression.allCases.map(\.code))
  /// By code, so that a look-up needs no search.
  private static let serializerTable = Self.table(Serializer.allCases, \.code)
  private static let compressionTable = Self.table(Compression.allCases, \.code)

  private static func table<Kind>(_ kinds: [Kind], _ code: (Kind) -> UInt8) -> [Kind?] {
    var table = [Kind?](repeating: nil, count: 64)
    for kind in kinds { table[Int(code(kind))] = kind }
    return table
  }

  /// The serializer of a code that was checked.
  @usableFromInline
  static func serializer(_ code: UInt8) -> Serializer {
    guard let known = serializerTable[Int(code)] else { preconditionFailure("content type \(code) was not checked") }
    return known
  }

  /// The compression of a code that was checked.
  @usableFromInline
  static func compression(_ code: UInt8) -> Compression {
    guard let known = compressionTable[Int(code)] else {
      preconditionFailure("content encoding \(code) was not checked")
    }
    return known
  }
}
