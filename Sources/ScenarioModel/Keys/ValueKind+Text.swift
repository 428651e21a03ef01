extension ValueKind {
  /// What may be written, for messages: `a duration such as 250ms`.
  var phrase: String {
    switch self {
    case .text: "text"
    case .slug: "a name of letters, digits, `.`, `_` and `-`"
    case .choice(let words): words.count == 1 ? "`\(words[0])`" : "one of " + Self.list(words)
    case .call(let word): "`\(word)(n)`"
    case .boolean: "`true` or `false`"
    case .count: Quantity.count.description
    case .number: "a number such as 0.5"
    case .share: Quantity.share.description
    case .duration: Quantity.duration.description
    case .rate(let mayRamp): Quantity.rate.description + (mayRamp ? ", or a ramp such as 10k/s..60k/s" : "")
    case .size: Quantity.size.description
    case .metric: "a metric such as latency.p99"
    case .expression: "a comparison such as \"latency.p99 < 1ms\""
    case .anything: "a value"
    case .axes: "a map from axes to lists of values"
    case .object(let keys): "a map with " + Self.list(keys.map(\.name))
    case .map(let kind): "a map from names to " + kind.phrase
    case .list(let kind): "a list, each item " + kind.phrase
    case .namedList: "a list of maps with one name each"
    case .either(let kinds): kinds.map(\.phrase).joined(separator: ", or ")
    }
  }

  /// The same in a cell of the reference, where the keys of a map have rows of their own.
  var cell: String {
    switch self {
    case .text, .slug, .boolean, .number, .count, .share, .duration, .size, .metric, .expression, .anything, .axes:
      shortPhrase
    case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .call(let word): "`\(word)(n)`"
    case .rate(let mayRamp): mayRamp ? "rate or ramp" : "rate"
    case .object: "map"
    case .map(let kind): "name → " + kind.cell
    case .list(let kind): "list of " + kind.cell
    case .namedList: "list of name → map"
    case .either(let kinds): kinds.map(\.cell).joined(separator: ", or ")
    }
  }

  private var shortPhrase: String {
    switch self {
    case .slug: "name"
    case .boolean: "`true`, `false`"
    case .number: "number"
    case .count: "count"
    case .share: "share"
    case .duration: "duration"
    case .size: "size"
    case .metric: "metric"
    case .expression: "comparison"
    case .anything: "any value"
    case .axes: "axis → list of values"
    default: "text"
    }
  }

  private static func list(_ words: [String]) -> String { words.map { "`\($0)`" }.joined(separator: ", ") }
}
