import ResultModel

/// The highest load that kept its limit, and the steps on the way there.
struct CapacitySection {
  private let capacities: [(slug: String?, capacity: CapacityResult)]

  /// Curves beyond these have their figures in the table only.
  private static let chartLimit = 8

  init(_ result: RunResult) {
    let own = result.variants.compactMap { variant in variant.capacity.map { (slug: variant.slug, capacity: $0) } }
    capacities =
      own.count > 1
      ? own.map { (slug: $0.slug, capacity: $0.capacity) }
      : (own.first?.capacity ?? result.capacity).map { [(slug: nil, capacity: $0)] } ?? []
  }

  var blocks: [ReportBlock] {
    guard !capacities.isEmpty else { return [] }
    return [.heading("Capacity")] + overview
      + capacities.enumerated().flatMap { index, item in
        (index < Self.chartLimit ? charts(item.slug, item.capacity) : [])
          + [.fold("Steps of the search\(item.slug.map { " of \($0)" } ?? "")", [.table(table(item.capacity))])]
      }
  }

  /// A sentence for one search; a table of several.
  private var overview: [ReportBlock] {
    guard capacities.count > 1 else {
      return capacities.map { .paragraph(Self.sentence($0.capacity), tone: Self.tone($0.capacity)) }
    }
    let rows = capacities.map { slug, capacity -> [ReportTable.Cell] in
      [
        .init(slug ?? ""), .init(QuantityText.rate(perSecond: capacity.low)),
        .init(capacity.high.map { QuantityText.rate(perSecond: $0) } ?? "–"),
        .init(capacity.confirmed.map { $0 ? "yes" : "no" } ?? "–", tone: Self.tone(capacity)),
      ]
    }
    return [
      .paragraph(Self.meaning(capacities[0].capacity)),
      .table(
        ReportTable(
          caption: "Capacity of each variant, as an interval", header: ["variant", "low", "high", "confirmed"],
          rows: rows,
          rightColumns: [1, 2])),
    ]
  }

  private static func tone(_ capacity: CapacityResult) -> ReportBlock.Tone {
    capacity.confirmed == false || capacity.exhausted == true || capacity.high == nil ? .warning : .neutral
  }

  private static func meaning(_ capacity: CapacityResult) -> String {
    "The highest rate with \(capacity.metric ?? "the metric") under \(QuantityText.duration(nanoseconds: capacity.limit))"
  }

  /// What a search came to, in a sentence.
  static func sentence(_ capacity: CapacityResult) -> String {
    let low = Words.searchedRate(capacity.low)
    var text = meaning(capacity)
    switch (capacity.low > 0, capacity.high) {
    case (true, let high?): text += " lies between \(low) and \(Words.searchedRate(high))"
    case (true, nil): text += " is \(low) or more"
    case (false, let high?): text += " is below \(Words.searchedRate(high))"
    case (false, nil): text += " was not found"
    }
    if let precision = capacity.precision, let high = capacity.high, capacity.low > 0 {
      let width = QuantityText.significant(100 * (high - capacity.low) / high)
      text += ", \(width) % apart (asked for: \(QuantityText.significant(100 * precision)) %)"
    }
    if capacity.low > 0, let confirmed = capacity.confirmed {
      text += confirmed ? "; longer trials at the lower end agreed" : "; longer trials at the lower end did not agree"
    }
    return text + "."
  }

  /// The metric over the rate, with the limit and the ends of the interval; none without a rate that could be measured.
  private func charts(_ slug: String?, _ capacity: CapacityResult) -> [ReportBlock] {
    let steps = capacity.steps.filter { $0.confirmation != true && $0.observed != nil }
      .sorted { $0.ratePerSecond < $1.ratePerSecond }
    guard !steps.isEmpty else { return [] }
    func points(_ value: (CapacityResult.Step) -> Double?) -> [Chart.Series.Point] {
      steps.compactMap { step in value(step).map { .init(x: step.ratePerSecond, y: max(1, $0)) } }
    }
    let rates = steps.map(\.ratePerSecond)
    let limit = [rates.first, rates.last].compactMap { $0 }.map { Chart.Series.Point(x: $0, y: max(1, capacity.limit)) }
    let name = capacity.metric ?? "observed"
    let bounds = [capacity.low > 0 ? capacity.low : nil, capacity.high].compactMap { $0 }
    let chart = Chart(
      title: "\(name) over the rate\(slug.map { " of \($0)" } ?? "")",
      x: .init(title: "rate", unit: .perSecond, isLogarithmic: false),
      y: .init(title: "time", unit: .nanoseconds, isLogarithmic: true),
      series: [
        Chart.Series(name: name, points: points(\.observed)), Chart.Series(name: "limit", points: limit),
        Chart.Series(name: "95 % low", points: points { $0.observedCI95?.low }),
        Chart.Series(name: "95 % high", points: points { $0.observedCI95?.high }),
      ].filter { !$0.points.isEmpty },
      markers: bounds.map { Chart.Marker(x: $0, text: "") })
    return [.chart(chart)]
  }

  private func table(_ capacity: CapacityResult) -> ReportTable {
    let rows = capacity.steps.map { step -> [ReportTable.Cell] in
      let interval = step.observedCI95.map {
        " [\(QuantityText.duration(nanoseconds: $0.low)), \(QuantityText.duration(nanoseconds: $0.high))]"
      }
      return [
        .init(Words.searchedRate(step.ratePerSecond) + (step.confirmation == true ? " (longer)" : "")),
        .init(step.observed.map { QuantityText.duration(nanoseconds: $0) + (interval ?? "") } ?? "–"),
        .init(step.trials.map { "\($0.count)" } ?? "–"), Self.verdict(step), .init(Self.remarks(step)),
      ]
    }
    return ReportTable(
      caption: "In the order of their first trials, with 95 % intervals from the differences between trials",
      header: ["rate", capacity.metric ?? "observed", "trials", "verdict", "remarks"], rows: rows,
      rightColumns: [0, 1, 2], proseColumns: [4])
  }

  /// What a step says, in a word or three.
  static func verdict(_ step: CapacityResult.Step) -> ReportTable.Cell {
    if step.confirmation == true {
      return step.ok ? .init("agrees", tone: .good) : .init("does not agree", tone: .warning)
    }
    return switch step.verdict {
    case .passed: .init("under", tone: .good)
    case .failed: .init("over", tone: .bad)
    case .undecided: .init(step.ok ? "undecided, rather under" : "undecided, rather over", tone: .warning)
    case .probed: .init(step.ok ? "probe: under" : "probe: over")
    case .invalid: .init("not brought about", tone: .warning)
    case nil: .init(step.ok ? "under" : "over", tone: step.ok ? .good : .bad)
    }
  }

  /// Why trials are over or invalid, each reason once.
  private static func remarks(_ step: CapacityResult.Step) -> String {
    var reasons: [String] = []
    for reason in (step.trials ?? []).filter({ $0.status != .ok }).flatMap(\.reasons) where !reasons.contains(reason) {
      reasons.append(reason)
    }
    let rest = reasons.count - 2
    return reasons.prefix(2).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }
}
