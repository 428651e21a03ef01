import Distributions
import Serialization

/// Random values of all kinds that a format can carry, with a liking for the edges of its encodings.
struct RandomValues {
  var random: SplitMix64
  var kinds: [ValueKind]
  var takesAnyKey: Bool
  var takesInfinity: Bool
  /// Which types an extension may have.
  var extensionTypes: ClosedRange<Int8> = .min ... .max

  init(for serializer: Serializer, seed: UInt64) {
    random = SplitMix64(seed: seed)
    let common: [ValueKind] = [.null, .bool, .integer, .integer, .unsigned, .float, .string, .array, .map]
    kinds =
      switch serializer {
      case .messagepack: common + [.bytes, .extended]
      case .cbor: common + [.bytes, .negative, .tagged, .simple]
      case .raw: common + [.bytes, .negative, .tagged, .simple, .extended]
      default: common
      }
    takesAnyKey = serializer != .json
    takesInfinity = serializer != .json
  }

  mutating func value(depth: Int = 4) -> SerializedValue {
    let kind = kinds[random.below(depth > 0 ? kinds.count : 7)]
    switch kind {
    case .null: return .null
    case .bool: return .bool(random.below(2) == 0)
    case .integer: return .integer(integer())
    case .unsigned: return .unsigned(UInt64(1) << 63 | random.next() >> 1)
    case .negative: return .negative(UInt64(1) << 63 | random.next() >> 1)
    case .float: return .float(float())
    case .string: return .string(string())
    case .bytes: return .bytes(bytes())
    case .array: return .array((0..<length(20)).map { _ in value(depth: depth - 1) })
    case .map: return .map((0..<length(20)).map { index in entry(index, depth: depth - 1) })
    case .tagged: return .tagged(random.next() >> UInt64(random.below(64)), value(depth: depth - 1))
    case .extended: return .extended(type: Int8.random(in: extensionTypes, using: &random), content: bytes())
    case .simple:
      let number = UInt8(truncatingIfNeeded: random.next())
      return .simple(number < 32 ? number % 20 : number)
    }
  }

  private mutating func entry(_ index: Int, depth: Int) -> SerializedValue.Entry {
    let key = takesAnyKey && random.below(4) == 0 ? value(depth: 0) : .string("\(index)" + string())
    return .init(key: key, value: value(depth: depth))
  }

  /// Any number of bits, on either side of zero, and often a power of two or a neighbour of one.
  mutating func integer() -> Int64 {
    let shift = UInt64(random.below(64))
    let magnitude = random.below(2) == 0 ? random.next() >> shift : UInt64(1) << shift &+ UInt64(random.below(3)) &- 1
    return Int64(truncatingIfNeeded: random.below(2) == 0 ? magnitude : 0 &- magnitude)
  }

  /// Any bits but those of a NaN, which would not equal itself; or few decimals, or few bits.
  mutating func float() -> Double {
    switch random.below(4) {
    case 0: return Double(integer())
    case 1: return Double(random.below(2_000_000) - 1_000_000) / [10, 1000, 1024, 8][random.below(4)]
    case 2: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: random.next()) & 0xFF7F_FFFF))
    default:
      let value = Double(bitPattern: random.next())
      return value.isFinite ? value : takesInfinity ? .infinity : -0.0
    }
  }

  mutating func string() -> String {
    let alphabet: [Character] = [
      "a", "ß", "\"", "\\", "\n", "\u{0}", "\u{1F}", "/", "€", "𝄞", "\u{7F}", "z", "e\u{301}", "\u{2028}",
    ]
    return String((0..<length(300)).map { _ in alphabet[random.below(alphabet.count)] })
  }

  mutating func bytes() -> [UInt8] { (0..<length(300)).map { _ in UInt8(truncatingIfNeeded: random.next()) } }

  /// Mostly short, sometimes at the edges of the encodings of lengths.
  private mutating func length(_ limit: Int) -> Int {
    switch random.below(8) {
    case 0: [0, 15, 16, 17, 23, 24, 31, 32, 255, 256][random.below(10)] % (limit + 1)
    default: random.below(6)
    }
  }
}
