import ResultModel

/// How a trial went from moment to moment: times, rates, and what happened. The first sound trial of each variant.
struct TimeSeriesSection {
  private let result: RunResult

  /// Variants beyond these have their figures in `intervals.csv` only.
  private static let variantLimit = 4
  /// More points than this are thinned: a screen has no more columns.
  private static let pointLimit = 600

  init(_ result: RunResult) { self.result = result }

  var blocks: [ReportBlock] {
    let charts = result.variants.prefix(Self.variantLimit).flatMap { variant in
      variant.countedTrials.first.map { self.charts(variant, $0) } ?? []
    }
    guard !charts.isEmpty else { return [] }
    let rest = result.variants.count - Self.variantLimit
    return [.heading("Over time")] + charts.map(ReportBlock.chart)
      + (rest > 0 ? [.paragraph("\(Words.plural(rest, "more variant")): see intervals.csv.")] : [])
  }

  private func charts(_ variant: VariantResult, _ trial: TrialResult) -> [Chart] {
    let intervals = trial.phases.flatMap(\.intervals)
    guard intervals.count >= 3 else { return [] }
    let place = result.variants.count > 1 ? "\(variant.slug), trial \(trial.index)" : "trial \(trial.index)"
    let markers = trial.events.filter { $0.kind.hasPrefix("fault") || ["phase_start", "slo_breach"].contains($0.kind) }
      .prefix(24).map { event in
        Chart.Marker(x: Double(event.offsetNanoseconds) / 1e9, text: Self.name(of: event))
      }
    let time = Chart.Axis(title: "seconds from the start of the trial", unit: .seconds, isLogarithmic: false)
    func curve(_ name: String, _ value: (IntervalSample) -> Double?) -> Chart.Series {
      let points = intervals.compactMap { interval in
        value(interval).map { Chart.Series.Point(x: Double(interval.startNanoseconds) / 1e9, y: $0) }
      }
      return Chart.Series(name: name, points: Self.thinned(points))
    }
    func rate(_ count: Int, _ interval: IntervalSample) -> Double {
      Double(count) * 1e9 / Double(max(1, interval.lengthNanoseconds))
    }
    let times = [
      curve("p50") { $0.p50.map { max(1, Double($0)) } }, curve("p99") { $0.p99.map { max(1, Double($0)) } },
      curve("max") { $0.max.map { max(1, Double($0)) } },
    ]
    let rates = [
      curve("offered") { interval in interval.offered.map { rate($0, interval) } },
      curve("sent") { rate($0.sent, $0) }, curve("received") { rate($0.received, $0) },
    ].filter { !$0.points.isEmpty }
    let series = trial.phases.lazy.compactMap(\.intervalSeries).first ?? "time"
    var charts: [Chart] = []
    if times.contains(where: { !$0.points.isEmpty }) {
      charts.append(
        Chart(
          title: "\(series) of \(place)", x: time, y: .init(title: series, unit: .nanoseconds, isLogarithmic: true),
          series: times, markers: Array(markers)))
    }
    charts.append(
      Chart(
        title: "Rates of \(place)", x: time, y: .init(title: "rate", unit: .perSecond, isLogarithmic: false),
        series: rates, markers: Array(markers)))
    return charts
  }

  /// What stands beside the line of an event, as short as it can be told from the others.
  private static func name(of event: TrialEvent) -> String {
    switch TrialEvent.Kind(rawValue: event.kind) {
    case .objectiveBroken: "SLO broken"
    case .faultStart where !event.detail.isEmpty: "\(event.subject): \(event.detail)"
    case .faultEnd: "\(event.subject): over"
    default: event.subject.isEmpty ? event.kind : event.subject
    }
  }

  /// Of each stretch of points the one with the largest value: peaks stay.
  private static func thinned(_ points: [Chart.Series.Point]) -> [Chart.Series.Point] {
    guard points.count > pointLimit else { return points }
    let stretch = (points.count + pointLimit - 1) / pointLimit
    return stride(from: 0, to: points.count, by: stretch).compactMap { start in
      points[start..<min(start + stretch, points.count)].max { $0.y < $1.y }
    }
  }
}
