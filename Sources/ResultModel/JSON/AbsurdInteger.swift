import Foundation

/// Whole numbers that no run yields, looked for in the text of a result, so that whatever is added up later cannot overflow.
///
/// JSON's readers agree on integers up to 2^53 only (RFC 8259, section 6): as nanoseconds that is 104 days, and thousands of them
/// still fit 64 bits together. Seeds are any 64 bits and never added up, and the resolved scenario is only shown.
enum AbsurdInteger {
  private static let limit: UInt64 = 1 << 53

  /// The key whose value, or an element of it, is such a number; nil when there is none. The text is JSON. O(bytes).
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
    private var isEscaped = false
    private var depth = 0
    /// How deep the value lies that is not looked into; nil outside of one.
    private var skippedDepth: Int?
    /// The digits so far of a number without a fraction; nil outside of one.
    private var digits: UInt64?
    private var isFraction = false
    private(set) var isAbsurd = false

    mutating func take(_ byte: UInt8) {
      if isInString { return takeInString(byte) }
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let (tens, hasOverflown) = (digits ?? 0).multipliedReportingOverflow(by: 10)
        digits = hasOverflown || tens > .max - 9 ? .max - 9 : tens + UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        // The e of true and false stands after no digit.
        if digits != nil { isFraction = true }
      case UInt8(ascii: "-"), UInt8(ascii: "+"): break
      default:
        endNumber()
        takeStructure(byte)
      }
    }

    private mutating func takeInString(_ byte: UInt8) {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
        return
      }
      // A key is short; the texts of histograms need not be kept.
      if word.count < 64 { word.append(byte) }
    }

    private mutating func takeStructure(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        word.removeAll(keepingCapacity: true)
      case UInt8(ascii: ":"):
        key = word
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
      if let digits, !isFraction, digits > limit, skippedDepth == nil, !key.elementsEqual("seed".utf8) {
        isAbsurd = true
      }
      (digits, isFraction) = (nil, false)
    }
  }
}
