/// A sparse histogram in JSON and the like, with everything that it knows; the counters are those of the V2 encoding.
extension SparseHistogram: Codable {
  private enum CodingKeys: String, CodingKey {
    case lowest, highest, digits, count, min, max, saturated, negative, counts
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layout.lowestDiscernible, forKey: .lowest)
    try container.encode(layout.highestTrackable, forKey: .highest)
    try container.encode(layout.significantDigits, forKey: .digits)
    try container.encode(count, forKey: .count)
    try container.encode(min, forKey: .min)
    try container.encode(max, forKey: .max)
    try container.encode(saturatedCount, forKey: .saturated)
    try container.encode(negativeCount, forKey: .negative)
    try container.encode(Base64.encode(bytes), forKey: .counts)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard
      let layout = HistogramLayout(
        validatingHighestTrackable: try container.decode(Int64.self, forKey: .highest),
        significantDigits: try container.decode(Int.self, forKey: .digits),
        lowestDiscernible: try container.decode(Int64.self, forKey: .lowest))
    else {
      throw DecodingError.dataCorruptedError(forKey: .digits, in: container, debugDescription: "no such layout")
    }
    let bytes = try Base64.decode(try container.decode(String.self, forKey: .counts))
    // Whoever spreads the counters out relies on them.
    _ = try CountsCoding.decode(bytes[...], counterCount: layout.counterCount)
    self.init(
      layout: layout, count: try container.decode(Int.self, forKey: .count),
      min: try container.decode(Int64.self, forKey: .min), max: try container.decode(Int64.self, forKey: .max),
      saturatedCount: try container.decode(Int.self, forKey: .saturated),
      negativeCount: try container.decode(Int.self, forKey: .negative), bytes: bytes)
  }
}
