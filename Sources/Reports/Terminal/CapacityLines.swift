import ResultModel

/// What searches came to, and the steps around the limit.
struct CapacityLines {
  let lines: [String]

  /// Steps beyond these are in the files.
  private static let shownCount = 12

  init(_ result: RunResult, style: TerminalStyle) {
    lines = result.variants.flatMap { variant -> [String] in
      guard let capacity = variant.capacity else { return [] }
      let place = result.variants.count > 1 ? "\(variant.slug): " : ""
      let sentence = style.paint(style.fit(place + CapacitySection.sentence(capacity)), .bold)
      return [sentence] + (result.variants.count > 1 ? [] : Self.steps(of: capacity, style))
    }
  }

  /// The steps that are nearest to the limit, by rate.
  private static func steps(of capacity: CapacityResult, _ style: TerminalStyle) -> [String] {
    let known = capacity.steps.filter { $0.confirmation != true && $0.verdict != .probed }
    let middle = (capacity.low + (capacity.high ?? capacity.low)) / 2
    let nearest = known.sorted { abs($0.ratePerSecond - middle) < abs($1.ratePerSecond - middle) }.prefix(shownCount)
    let shown =
      nearest.sorted { $0.ratePerSecond < $1.ratePerSecond }
      + capacity.steps.filter { $0.confirmation == true }
    let header = ["rate", capacity.metric ?? "observed", "trials", "verdict"]
    let rows = shown.map { step in
      [
        Words.searchedRate(step.ratePerSecond), step.observed.map { QuantityText.duration(nanoseconds: $0) } ?? "–",
        "\(step.trials?.count ?? 0)",
        CapacitySection.verdict(step).text + (step.confirmation == true ? " (longer trials)" : ""),
      ]
    }
    return TextTable(rows: ([header] + rows).map { $0.map(style.fit) }, rightColumns: [0, 1, 2]).lines.map { "  " + $0 }
  }
}
