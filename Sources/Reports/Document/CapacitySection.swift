import ResultModel

/// The highest load that kept its limit, and the steps on the way there.
struct CapacitySection {
  private let capacity: CapacityResult?

  init(_ result: RunResult) { capacity = result.capacity }

  var blocks: [ReportBlock] {
    guard let capacity else { return [] }
    let rows = capacity.steps.map { step -> [ReportTable.Cell] in
      [
        .init(QuantityText.rate(perSecond: step.ratePerSecond)),
        .init(step.observed.map { QuantityText.duration(nanoseconds: $0) } ?? "–"),
        .init(step.ok ? "within" : "over", tone: step.ok ? .good : .bad),
      ]
    }
    let points = capacity.steps.compactMap { step in
      step.observed.map { Chart.Series.Point(x: step.ratePerSecond, y: max(1, $0)) }
    }.sorted { $0.x < $1.x }
    let chart = Chart(
      title: "Observed value by rate", x: .init(title: "rate", unit: .perSecond, isLogarithmic: false),
      y: .init(title: "time", unit: .nanoseconds, isLogarithmic: true),
      series: [Chart.Series(name: "observed", points: points)])
    return [
      .heading("Capacity"),
      .paragraph(
        "The highest rate within the limit of \(QuantityText.duration(nanoseconds: capacity.limit)) lies between "
          + "\(QuantityText.rate(perSecond: capacity.low)) and \(QuantityText.rate(perSecond: capacity.high))."),
      .chart(chart),
      .table(
        ReportTable(
          caption: "Steps of the search, in their order", header: ["rate", "observed", ""], rows: rows,
          rightColumns: [0, 1])),
    ]
  }
}
