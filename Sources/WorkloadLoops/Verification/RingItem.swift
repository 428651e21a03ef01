/// An item of a raw ring, whose whole content follows from its sequence number: the receiver computes it again and compares every
/// bit, which is stronger than a checksum and costs less.
public protocol RingItem: BitwiseCopyable, Sendable {
  /// Whether there is room for time stamps.
  static var holdsTimes: Bool { get }
  /// The item with this number.
  init(number: UInt64)
  /// The item with this number and these times, for items that have room for them.
  init(number: UInt64, intendedNanoseconds: Int64, sentNanoseconds: Int64)
  /// The number.
  var number: UInt64 { get }
  /// When it should have been sent and when it was, for items that hold times.
  var times: (intendedNanoseconds: Int64, sentNanoseconds: Int64) { get }
  /// 0 exactly when this is the item with that number; times are not compared.
  func difference(from number: UInt64, holdingTimes: Bool) -> UInt64
}

/// An item of 8 bytes: its own sequence number.
@frozen
public struct RingWord: RingItem {
  public let number: UInt64

  public static var holdsTimes: Bool { @inlinable get { false } }

  @inlinable @inline(__always)
  public init(number: UInt64) { self.number = number }

  @inlinable
  public init(number: UInt64, intendedNanoseconds: Int64, sentNanoseconds: Int64) { self.number = number }

  public var times: (intendedNanoseconds: Int64, sentNanoseconds: Int64) { @inlinable get { (0, 0) } }

  @inlinable @inline(__always)
  public func difference(from number: UInt64, holdingTimes: Bool) -> UInt64 { self.number ^ number }
}

/// An item of `wordCount` words, at least 2: the number, then words that follow from it; with times in words 1 and 2.
@frozen
public struct RingRecord<let wordCount: Int>: RingItem {
  @usableFromInline var words: InlineArray<wordCount, UInt64>

  public static var holdsTimes: Bool { @inlinable get { wordCount >= 4 } }

  /// Odd, so that neighbouring words differ in many bits: 2⁶⁴ divided by the golden ratio.
  @usableFromInline static var spread: UInt64 { @inlinable @inline(__always) get { 0x9E37_79B9_7F4A_7C15 } }

  @inlinable @inline(__always)
  public init(number: UInt64) {
    words = InlineArray(repeating: number)
    for index in 1..<wordCount { words[index] = number &+ UInt64(truncatingIfNeeded: index) &* Self.spread }
  }

  @inlinable @inline(__always)
  public init(number: UInt64, intendedNanoseconds: Int64, sentNanoseconds: Int64) {
    self.init(number: number)
    // Two words are the number and its check: an item without room for times is what its number says under any load.
    guard Self.holdsTimes else { return }
    words[1] = UInt64(bitPattern: intendedNanoseconds)
    words[2] = UInt64(bitPattern: sentNanoseconds)
  }

  public var number: UInt64 { @inlinable @inline(__always) get { words[0] } }

  public var times: (intendedNanoseconds: Int64, sentNanoseconds: Int64) {
    @inlinable @inline(__always) get {
      Self.holdsTimes ? (Int64(bitPattern: words[1]), Int64(bitPattern: words[2])) : (0, 0)
    }
  }

  @inlinable @inline(__always)
  public func difference(from number: UInt64, holdingTimes: Bool) -> UInt64 {
    var difference = words[0] ^ number
    for index in (holdingTimes ? 3 : 1)..<wordCount {
      difference |= words[index] ^ (number &+ UInt64(truncatingIfNeeded: index) &* Self.spread)
    }
    return difference
  }
}
