/// Histograms as bytes and text: HdrHistogram's V2 encoding, which the field's own libraries and viewers read.
///
/// Only the counters travel: a decoded histogram knows its minimum and maximum as the ends of their buckets, and nothing
/// of saturation. Decoding is safe with hostile input: every length is checked, and memory stays below 200 times the
/// input and 120 MB.
/// Source: `AbstractHistogram.encodeIntoCompressedByteBuffer` of HdrHistogram 2.x.
public enum HistogramEncoding {
  static let cookie: UInt32 = 0x1C84_9313
  static let compressedCookie: UInt32 = 0x1C84_9314
  static let headerByteCount = 40
  /// Nine bytes for each counter of the finest layout that there is.
  static let innerByteCountMax = 1 << 26

  /// The compressed form.
  public static func encodeV2(_ histogram: LatencyHistogram) -> [UInt8] {
    let compressed = ZlibStream.deflate(encodeInner(histogram))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + compressed.count)
    bytes.appendBigEndian(compressedCookie)
    bytes.appendBigEndian(Int32(compressed.count))
    bytes.append(contentsOf: compressed)
    return bytes
  }

  /// The compressed form in base64, which always begins with "HISTF".
  public static func encodeBase64(_ histogram: LatencyHistogram) -> String {
    Base64.encode(encodeV2(histogram))
  }

  /// What `encodeV2` wrote, or any other library of the family.
  public static func decodeV2(_ bytes: [UInt8]) throws(HistogramDecodingError) -> LatencyHistogram {
    var reader = BigEndianReader(rest: bytes[...])
    let found: UInt32 = try reader.read()
    guard found == compressedCookie else { throw .unknownCookie(found) }
    let length: Int32 = try reader.read()
    guard length >= 0 else { throw .invalidLength(length) }
    guard length <= reader.rest.count else { throw .truncated }
    guard length == reader.rest.count else { throw .trailingBytes }
    return try decodeInner(ZlibStream.inflate(reader.rest, limit: innerByteCountMax))
  }

  /// What `encodeBase64` wrote.
  public static func decodeBase64(_ text: String) throws(HistogramDecodingError) -> LatencyHistogram {
    try decodeV2(Base64.decode(text))
  }

  /// The form inside the compression: a header of 40 bytes and the counters.
  static func encodeInner(_ histogram: LatencyHistogram) -> [UInt8] {
    var payload: [UInt8] = []
    CountsCoding.append(histogram.counts, to: &payload)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headerByteCount + payload.count)
    bytes.appendBigEndian(cookie)
    bytes.appendBigEndian(Int32(payload.count))
    bytes.appendBigEndian(Int32(0))  // Normalizing index offset: values are not shifted.
    bytes.appendBigEndian(Int32(histogram.layout.significantDigits))
    bytes.appendBigEndian(histogram.layout.lowestDiscernible)
    bytes.appendBigEndian(histogram.layout.highestTrackable)
    bytes.appendBigEndian((1.0).bitPattern)  // Values are not scaled.
    bytes.append(contentsOf: payload)
    return bytes
  }

  static func decodeInner(_ bytes: [UInt8]) throws(HistogramDecodingError) -> LatencyHistogram {
    var reader = BigEndianReader(rest: bytes[...])
    let found: UInt32 = try reader.read()
    guard found == cookie else { throw .unknownCookie(found) }
    let length: Int32 = try reader.read()
    let offset: Int32 = try reader.read()
    let digits: Int32 = try reader.read()
    let lowest: Int64 = try reader.read()
    let highest: Int64 = try reader.read()
    let ratio = Double(bitPattern: try reader.read())
    guard offset == 0, ratio == 1 else { throw .unsupportedScaling }
    guard
      let layout = HistogramLayout(
        validatingHighestTrackable: highest, significantDigits: Int(digits), lowestDiscernible: lowest)
    else {
      throw .invalidLayout(lowestDiscernible: lowest, highestTrackable: highest, significantDigits: digits)
    }
    guard length >= 0, length <= 9 * layout.counterCount else { throw .invalidLength(length) }
    guard length <= reader.rest.count else { throw .truncated }
    guard length == reader.rest.count else { throw .trailingBytes }
    let counts = try CountsCoding.decode(reader.rest, counterCount: layout.counterCount)
    return LatencyHistogram(layout: layout, counts: counts)
  }
}
