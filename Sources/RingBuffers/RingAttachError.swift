/// Why memory could not be used as a ring.
public enum RingAttachError: Error, Equatable, CustomStringConvertible {
  case regionTooSmall(byteCount: Int, neededByteCount: Int)
  case misaligned
  case notARing
  case unsupportedVersion(UInt32)
  case otherKindOfRing
  case otherElement(byteCount: Int, expectedByteCount: Int)
  case damagedHeader

  /// One sentence with what was found and what was expected.
  public var description: String {
    switch self {
    case .regionTooSmall(let byteCount, let needed): "the region has \(byteCount) bytes, the ring needs \(needed)"
    case .misaligned: "the region does not start on a boundary of 128 bytes"
    case .notARing: "the region does not hold a ring"
    case .unsupportedVersion(let version): "the ring has layout version \(version), this build knows version 1"
    case .otherKindOfRing: "the region holds another kind of ring"
    case .otherElement(let found, let expected): "the ring's elements have \(found) bytes, expected \(expected)"
    case .damagedHeader: "the ring's header contradicts itself"
    }
  }
}
