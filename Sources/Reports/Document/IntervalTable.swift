import ResultModel

/// The intervals of a trial as figures: what the pictures of its course show, for those who do not see them.
///
/// Neighbours share a row where a phase has many. Messages are counted over the whole row; of times the largest of its intervals is
/// given, so that no peak is lost.
struct IntervalTable {
  /// About so many rows for each phase.
  static let rowLimit = 20
  /// More events of one row are only counted: `events.csv` has them.
  private static let eventLimit = 6

  private let trial: TrialResult
  /// What happened, from the start of the trial.
  private let events: [(offsetNanoseconds: Int64, name: String)]

  init(_ trial: TrialResult, events: [(offsetNanoseconds: Int64, name: String)]) {
    self.trial = trial
    self.events = events
  }

  /// The table of the trial, which is called `place`.
  func table(of place: String) -> ReportTable {
    let series = trial.phases.lazy.compactMap(\.intervalSeries).first ?? "time"
    return ReportTable(
      caption:
        "Over time, \(place): messages per second, and of \(series) the largest of each row's intervals; all of them are in "
        + "intervals.csv",
      header: ["phase", "from", "offered", "sent", "received", "p50", "p99", "max"] + (events.isEmpty ? [] : ["event"]),
      rows: rows, rightColumns: Set(1...7), proseColumns: [8])
  }

  private var rows: [[ReportTable.Cell]] {
    let stretches = trial.phases.flatMap(stretches)
    let begins = stretches.map { $0.intervals.first?.startNanoseconds ?? 0 }
    var names = [[String]](repeating: [], count: stretches.count)
    for event in events where !names.isEmpty {
      names[begins.lastIndex { $0 <= event.offsetNanoseconds } ?? 0].append(event.name)
    }
    return zip(stretches, names).map { row($0.phase, $0.intervals, $1) }
  }

  /// A phase in parts of as many intervals each, the last one perhaps shorter.
  private func stretches(of phase: PhaseResult) -> [(phase: String, intervals: ArraySlice<IntervalSample>)] {
    let length = max(1, (phase.intervals.count + Self.rowLimit - 1) / Self.rowLimit)
    return stride(from: 0, to: phase.intervals.count, by: length).map { start in
      (phase.name, phase.intervals[start...].prefix(length))
    }
  }

  private func row(_ phase: String, _ intervals: ArraySlice<IntervalSample>, _ events: [String]) -> [ReportTable.Cell] {
    let time = max(1, intervals.reduce(0) { $0 + Double($1.lengthNanoseconds) })
    func rate(_ counts: [Int]) -> ReportTable.Cell {
      .init(counts.isEmpty ? "–" : QuantityText.rate(perSecond: counts.reduce(0) { $0 + Double($1) } * 1e9 / time))
    }
    func largest(_ values: [Int64]) -> ReportTable.Cell {
      .init(values.max().map { QuantityText.duration(nanoseconds: $0) } ?? "–")
    }
    let begin = intervals.first?.startNanoseconds ?? 0
    return [
      .init(phase), .init(QuantityText.duration(nanoseconds: begin)), rate(intervals.compactMap(\.offered)),
      rate(intervals.map(\.sent)), rate(intervals.map(\.received)), largest(intervals.compactMap(\.p50)),
      largest(intervals.compactMap(\.p99)), largest(intervals.compactMap(\.max)),
    ] + (self.events.isEmpty ? [] : [.init(Self.text(events))])
  }

  private static func text(_ events: [String]) -> String {
    let rest = events.count - eventLimit
    return (events.prefix(eventLimit) + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "; ")
  }
}
