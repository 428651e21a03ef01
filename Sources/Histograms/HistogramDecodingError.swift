/// Why bytes or text are not a histogram that can be read.
public enum HistogramDecodingError: Error, Equatable, CustomStringConvertible {
  /// A character that base64 does not have, or a length that it cannot have.
  case invalidBase64
  /// The bytes end before what they announce, or the compressed stream does.
  case truncated
  /// The first four bytes are not the ones of a V2 histogram, compressed outside and plain inside.
  case unknownCookie(UInt32)
  /// The compressed stream is damaged.
  case invalidCompression
  /// A length in a header is negative or larger than what it describes can be.
  case invalidLength(Int32)
  /// Range and digits in the header are of no histogram.
  case invalidLayout(lowestDiscernible: Int64, highestTrackable: Int64, significantDigits: Int32)
  /// A histogram of scaled or shifted values, which this reader does not know.
  case unsupportedScaling
  /// A run of zeros, or a count, that lies beyond the last counter of the layout.
  case countsOutOfRange
  /// More counts in total than 2^53, which no measurement reaches.
  case tooManyCounts
  /// Something follows where the histogram should have ended.
  case trailingBytes

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .invalidBase64: "the histogram is not valid base64"
    case .truncated: "the histogram ends too early"
    case .unknownCookie(let cookie): "not a V2 histogram: it begins with 0x\(String(cookie, radix: 16))"
    case .invalidCompression: "the compressed histogram is damaged"
    case .invalidLength(let length): "the histogram announces an impossible length of \(length) bytes"
    case .invalidLayout(let lowest, let highest, let digits):
      "the histogram announces an impossible range of \(lowest)...\(highest) at \(digits) digits"
    case .unsupportedScaling: "histograms of scaled or shifted values are not supported"
    case .countsOutOfRange: "the histogram has more counters than its range allows"
    case .tooManyCounts: "the histogram announces more than 2^53 values"
    case .trailingBytes: "something follows the end of the histogram"
    }
  }
}
