extension ValueDistribution {
  /// The distribution as plain words, for another process of the same build: who draws from what `init(words:)` makes of them draws
  /// the same values.
  public var words: [UInt64] {
    var words = [
      Self.kinds.firstIndex(of: drawing.kind).map(UInt64.init) ?? 0, drawing.location.bitPattern,
      drawing.scale.bitPattern, UInt64(bitPattern: lowest), UInt64(bitPattern: highest),
    ]
    let values = values?.all ?? []
    words.append(UInt64(values.count))
    words += values.map { UInt64(bitPattern: $0) }
    let places = shares?.places ?? []
    words.append(UInt64(places.count))
    for place in places { words += [place.threshold, UInt64(place.alias)] }
    return words
  }

  /// The distribution that has these words; nil when none has.
  public init?(words: [UInt64]) {
    var rest = words[...]
    guard rest.count >= 6, let kind = rest.popFirst(), kind < UInt64(Self.kinds.count),
      let location = rest.popFirst(), let scale = rest.popFirst(), let lowest = rest.popFirst(),
      let highest = rest.popFirst(), Int64(bitPattern: lowest) <= Int64(bitPattern: highest),
      let valueCount = rest.popFirst(), valueCount < UInt64(rest.count)
    else { return nil }
    let values = rest.prefix(Int(valueCount)).map { Int64(bitPattern: $0) }
    rest = rest.dropFirst(Int(valueCount))
    guard let shareCount = rest.popFirst(), shareCount == 0 || shareCount == valueCount,
      UInt64(rest.count) == 2 * shareCount
    else { return nil }
    var places: [AliasTable.Place] = []
    while let threshold = rest.popFirst(), let alias = rest.popFirst() {
      guard alias < shareCount else { return nil }
      places.append(.init(threshold: threshold, alias: Int(alias)))
    }
    self.init(
      Self.kinds[Int(kind)], location: Double(bitPattern: location), scale: Double(bitPattern: scale),
      within: Int64(bitPattern: lowest)...Int64(bitPattern: highest), values: values.isEmpty ? nil : ValueTable(values),
      shares: places.isEmpty ? nil : AliasTable(places: places))
    guard isComplete else { return nil }
  }

  /// Whether what the kind draws from is there.
  private var isComplete: Bool {
    switch drawing.kind {
    case .fixed, .exponential, .lognormal, .uniform: true
    case .cycle, .recorded: drawing.values != nil
    case .chosen: drawing.values != nil && drawing.shares != nil
    }
  }

  /// By the word that stands for each.
  private static let kinds: [ValueDrawing.Kind] = [
    .fixed, .exponential, .lognormal, .uniform, .cycle, .chosen, .recorded,
  ]
}
