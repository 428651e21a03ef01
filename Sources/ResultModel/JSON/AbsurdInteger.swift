import Foundation

/// Whole numbers that no run yields, looked for in the text of a result, so that whatever is added up later cannot overflow.
///
/// JSON's readers agree on integers up to 2^53 only (RFC 8259, section 6): as nanoseconds that is 104 days. All of a file together
/// stay below 2^62, so that any sum of them fits 64 bits. Seeds are any 64 bits and never added up, and the resolved scenario is
/// only shown.
enum AbsurdInteger {
  private static let limit: UInt64 = 1 << 53
  private static let totalLimit: UInt64 = 1 << 62

  /// The key whose value, or an element of it, is such a number or the one too many; nil when there is none. The text is JSON.
  /// O(bytes).
  static func firstKey(in data: Data) -> String? {
    var scan = Scan()
    let bytes = data.span
    for index in bytes.indices {
      scan.take(bytes[index])
      if scan.isAbsurd { return String(decoding: scan.key, as: UTF8.self) }
    }
    return nil
  }

  /// What is known in the middle of the text.
  private struct Scan {
    /// The last string: a key, once the colon has come.
    private var word: [UInt8] = []
    private(set) var key: [UInt8] = []
    private var isInString = false
    private var stringEnd = JSONStringEnd()
    private var depth = 0
    /// How deep the value lies that is not looked into; nil outside of one.
    private var skippedDepth: Int?
    /// The number's digits before a point or exponent; nil outside of one.
    private var digits: UInt64?
    private var isFraction = false
    private var hasExponent = false
    /// The number as it is written.
    private var number: [UInt8] = []
    private var total: UInt64 = 0
    private(set) var isAbsurd = false

    mutating func take(_ byte: UInt8) {
      if isInString { return takeInString(byte) }
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number.append(byte)
        guard !isFraction else { return }
        let (tens, hasOverflown) = (digits ?? 0).multipliedReportingOverflow(by: 10)
        digits = hasOverflown || tens > .max - 9 ? .max - 9 : tens + UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        // The e of true and false stands after no digit.
        guard digits != nil else { return }
        number.append(byte)
        isFraction = true
        if byte != UInt8(ascii: ".") { hasExponent = true }
      case UInt8(ascii: "-"), UInt8(ascii: "+"): if digits != nil { number.append(byte) }
      default:
        endNumber()
        takeStructure(byte)
      }
    }

    private mutating func takeInString(_ byte: UInt8) {
      isInString = !stringEnd.isReached(at: byte)
      // A key is short; the texts of histograms need not be kept.
      if isInString, word.count < 32 { word.append(byte) }
    }

    private mutating func takeStructure(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        word.removeAll(keepingCapacity: true)
      case UInt8(ascii: ":"):
        // The word is not needed any more, and its room is.
        swap(&key, &word)
        if skippedDepth == nil, key.elementsEqual("resolved".utf8) { skippedDepth = depth }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if let skipped = skippedDepth, depth < skipped { skippedDepth = nil }
      case UInt8(ascii: ","): if skippedDepth == depth { skippedDepth = nil }
      default: break
      }
    }

    private mutating func endNumber() {
      guard let whole = hasExponent ? wholeOfExponential : digits else { return }
      if skippedDepth == nil, !key.elementsEqual("seed".utf8) {
        total = total.addingReportingOverflow(whole).partialValue
        isAbsurd = whole > limit || total > totalLimit
      }
      digits = nil
      (isFraction, hasExponent) = (false, false)
      number.removeAll(keepingCapacity: true)
    }

    /// 9e18 is read as an integer where one is expected; what fits none is a real, which overflows nothing.
    private var wholeOfExponential: UInt64 {
      guard let value = Double(String(decoding: number, as: UTF8.self)), value < 0x1p64 else { return 0 }
      return UInt64(value)
    }
  }
}
