import Distributions
import Serialization

/// Random values of every kind, and which format can carry them.
struct AnyValues {
  var random: SplitMix64
  /// Which kinds there may be.
  var kinds = ValueKind.allCases

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  private mutating func below(_ limit: UInt64) -> UInt64 { random.next(upperBound: limit) }

  /// A value of at most this depth.
  mutating func value(depth: Int) -> SerializedValue {
    switch kinds[Int(below(UInt64(kinds.count)))] {
    case .null: .null
    case .bool: .bool(below(2) == 0)
    case .integer: .integer(integer())
    case .unsigned: .unsigned(.max - below(below(2) == 0 ? 3 : 1 << 62))
    case .negative: .negative(.max - below(below(2) == 0 ? 3 : 1 << 62))
    case .float: .float(float())
    case .string: .string(text())
    case .bytes: .bytes(bytes())
    case .array: depth == 0 ? .array([]) : .array((0..<below(5)).map { _ in value(depth: depth - 1) })
    case .map: depth == 0 ? .map([]) : .map(entries(depth: depth - 1))
    case .tagged: .tagged(1000 + below(1 << 40), depth == 0 ? .null : value(depth: depth - 1))
    case .extended: .extended(type: Int8(truncatingIfNeeded: random.next()), content: bytes())
    case .simple: .simple(UInt8(below(2) == 0 ? 32 + below(224) : below(20)))
    }
  }

  /// Entries with keys that differ; one in eight is not text, where there may be such.
  private mutating func entries(depth: Int) -> [SerializedValue.Entry] {
    (0..<below(5)).map { index in
      let isText = below(8) > 0
      let key: SerializedValue = isText ? .string("\(index)\(text())") : .integer(Int64(index) - 1000)
      return .init(key: key, value: value(depth: depth))
    }
  }

  /// A whole number near the edge of some width.
  mutating func integer() -> Int64 {
    let edge = Int64(truncatingIfNeeded: (1 as UInt64) << below(64))
    return (below(2) == 0 ? edge : 0 &- edge) &+ Int64(below(5)) &- 2
  }

  mutating func float() -> Double {
    switch below(4) {
    case 0:
      [0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e20, 1.5][Int(below(9))]
    case 1: Double(Int64(truncatingIfNeeded: random.next()) >> Int64(below(63)))
    case 2: Double(Float(bitPattern: UInt32(truncatingIfNeeded: random.next())))
    default: Double(bitPattern: random.next())
    }
  }

  /// Text with everything that makes trouble: quotes, controls, indicators of YAML, words that mean something, all planes.
  mutating func text() -> String {
    switch below(4) {
    case 0:
      return ["", "null", "true", "no", "1", "1.5", "-.inf", "0x1F", "~", "- a", "a: b", "*a, &b", "#", "<<"][
        Int(below(14))]
    case 1: return String((0..<below(40)).map { _ in Character(Unicode.Scalar(UInt8(below(128)))) })
    case 2: return String(repeating: "x", count: Int(below(300)))
    default: return String(String.UnicodeScalarView((0..<below(20)).map { _ in scalar() }))
    }
  }

  private mutating func scalar() -> Unicode.Scalar {
    let limits: [UInt64] = [0x80, 0x100, 0x800, 0x1_0000, 0x11_0000]
    return Unicode.Scalar(UInt32(below(limits[Int(below(5))]))) ?? "\u{FFFD}"
  }

  mutating func bytes() -> [UInt8] { (0..<below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
}

extension RandomNumberGenerator {
  fileprivate mutating func next(upperBound: UInt64) -> UInt64 { .random(in: 0..<upperBound, using: &self) }
}
