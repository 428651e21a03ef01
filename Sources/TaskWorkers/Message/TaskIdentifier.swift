public import Distributions

/// The identity of one task, kept over all its attempts: 128 bits, written as a UUID.
@frozen
public struct TaskIdentifier: Hashable, Sendable {
  /// The first 8 bytes of the UUID, big-endian.
  public var high: UInt64
  /// The last 8 bytes.
  public var low: UInt64

  /// An identifier of these bits.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// No task: all bits zero, as in the nil UUID of RFC 9562.
  public static var none: TaskIdentifier { @inlinable get { TaskIdentifier(high: 0, low: 0) } }

  /// The identifier that `text` is the UUID of, in capital or small letters; nil when it is none.
  public init?(_ text: String) {
    var words: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (place, character) in text.utf8.enumerated() {
      if Self.hyphens.contains(place) {
        guard character == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard digits < 32, let digit = Self.value(ofDigit: character) else { return nil }
      if digits < 16 { words.0 = words.0 << 4 | digit } else { words.1 = words.1 << 4 | digit }
      digits += 1
    }
    guard digits == 32 else { return nil }
    self.init(high: words.0, low: words.1)
  }

  /// Where a UUID's text has its hyphens.
  private static let hyphens: Set<Int> = [8, 13, 18, 23]

  private static func value(ofDigit character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension TaskIdentifier: CustomStringConvertible {
  /// The UUID in small letters.
  public var description: String {
    unsafe String(unsafeUninitializedCapacity: 36) { text in
      var digit = 0
      for place in 0..<36 {
        if Self.hyphens.contains(place) {
          unsafe text[place] = UInt8(ascii: "-")
          continue
        }
        let word = digit < 16 ? high : low
        let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - digit % 16 * 4) & 0xF)
        unsafe text[place] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
        digit += 1
      }
      return 36
    }
  }
}

/// Makes identifiers: version 4 UUIDs (RFC 9562) of a seeded generator, so that a run can be repeated exactly.
@frozen
public struct TaskIdentifierSource: Sendable {
  @usableFromInline var random: Xoshiro256

  /// The identifiers of `seed` and `stream`; different streams of a seed have nothing in common, e.g. one for each client.
  @inlinable
  public init(seed: UInt64, stream: UInt64 = 0) { random = Xoshiro256(seed: seed, stream: stream) }

  /// The next identifier.
  @inlinable @inline(__always)
  public mutating func next() -> TaskIdentifier {
    TaskIdentifier(
      high: random.next() & ~0xF000 | 0x4000, low: random.next() & (.max >> 2) | 1 << 63)
  }
}
