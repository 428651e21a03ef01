import Foundation

/// How the brackets of a text lie that is not JSON, to say why it is none.
struct JSONShape {
  /// Deeper than this no reader goes.
  static let depthLimit = 512

  /// Whether there is nothing but white space.
  private(set) var isBlank = true
  /// How deep the brackets lie at most.
  private(set) var depth = 0
  private var openCount = 0
  private var isInString = false
  private var stringEnd = JSONStringEnd()

  /// The shape of `text`. O(bytes).
  init(of text: Data) {
    for byte in text { take(byte) }
  }

  /// Whether brackets or a string are still open at the end, or there is nothing at all.
  var endsInTheMiddle: Bool { isBlank || isInString || openCount > 0 }

  private mutating func take(_ byte: UInt8) {
    if isInString {
      isInString = !stringEnd.isReached(at: byte)
      return
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): openCount += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"): openCount -= 1
    default: break
    }
    depth = max(depth, openCount)
    if byte > UInt8(ascii: " ") { isBlank = false }
  }
}
