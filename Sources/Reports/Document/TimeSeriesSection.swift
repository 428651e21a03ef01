import ResultModel

/// How a trial went from moment to moment: times, rates, and what happened. The first sound trial of each variant.
struct TimeSeriesSection {
  private let result: RunResult

  /// Variants beyond these have their figures in `intervals.csv` only.
  private static let variantLimit = 4
  /// More points than this are thinned: a screen has no more columns.
  private static let pointLimit = 600
  /// The names of more events would lie over each other in a picture.
  private static let eventLimit = 24

  init(_ result: RunResult) { self.result = result }

  var blocks: [ReportBlock] {
    let shown = result.variants.prefix(Self.variantLimit).flatMap { variant in
      variant.countedTrials.first.map { blocks(variant, $0) } ?? []
    }
    guard !shown.isEmpty else { return [] }
    let rest = result.variants.count - Self.variantLimit
    return [.heading("Over time")] + shown
      + (rest > 0 ? [.paragraph("\(Words.plural(rest, "more variant")): see intervals.csv.")] : [])
  }

  /// The pictures of one trial, and the same in figures.
  private func blocks(_ variant: VariantResult, _ trial: TrialResult) -> [ReportBlock] {
    let charts = charts(variant, trial)
    guard !charts.isEmpty else { return [] }
    let place = place(of: variant, trial)
    // Each row names its phase.
    let events = Self.markedEvents(of: trial).filter { $0.event.kind != TrialEvent.Kind.phaseStart.rawValue }
    let table = IntervalTable(trial, events: events.map { ($0.event.offsetNanoseconds, $0.name) }).table(of: place)
    return charts.map(ReportBlock.chart) + [.fold("Figures of \(place)", [.table(table)])]
  }

  private func place(of variant: VariantResult, _ trial: TrialResult) -> String {
    result.variants.count > 1 ? "\(variant.slug), trial \(trial.index)" : "trial \(trial.index)"
  }

  /// What happened, and its name: as short as it can be told from the others.
  private static func markedEvents(of trial: TrialResult) -> [(event: TrialEvent, name: String)] {
    trial.events.filter { $0.kind.hasPrefix("fault") || ["phase_start", "slo_breach"].contains($0.kind) }
      .map { ($0, name(of: $0)) }
  }

  private func charts(_ variant: VariantResult, _ trial: TrialResult) -> [Chart] {
    let intervals = trial.phases.flatMap(\.intervals)
    guard intervals.count >= 3 else { return [] }
    let place = place(of: variant, trial)
    let markers = Self.markedEvents(of: trial).prefix(Self.eventLimit).map {
      Chart.Marker(x: Double($0.event.offsetNanoseconds) / 1e9, text: $0.name)
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
          series: times, markers: markers))
    }
    charts.append(
      Chart(
        title: "Rates of \(place)", x: time, y: .init(title: "rate", unit: .perSecond, isLogarithmic: false),
        series: rates, markers: markers))
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
