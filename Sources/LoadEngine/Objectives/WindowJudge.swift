import ResultModel
import ScenarioModel

/// Follows one objective with a window through the intervals of a phase.
///
/// A breach begins with a broken window and ends with one that holds; windows in which too little was measured change nothing.
struct WindowJudge {
  /// A window that was judged.
  struct Moment: Equatable {
    /// From the start of the phase.
    var startNanoseconds: Int64
    var endNanoseconds: Int64
    var judgement: ObjectiveJudgement
    /// Whether a breach begins or ends with it.
    var isTurn: Bool
  }

  let objective: Scenario.Objective
  private let sendingNanoseconds: Int64?
  private let interval: Int64
  private let isAboutRates: Bool
  private var window: SlidingWindow
  private var isBroken = false
  private(set) var summary: ObjectiveWindows
  private(set) var moments: [Moment] = []

  /// - Parameters:
  ///   - index: The objective's place in the scenario.
  ///   - series: Which times the intervals hold.
  ///   - interval: The length of an interval.
  ///   - sendingNanoseconds: How long the phase sends, behind which rates say nothing; nil when that is not known yet.
  init(_ objective: Scenario.Objective, index: Int, series: String, interval: Int64, sendingNanoseconds: Int64?) {
    self.objective = objective
    self.interval = interval
    self.sendingNanoseconds = sendingNanoseconds
    isAboutRates = ["throughput", "sent", "offered"].contains { objective.expression.uses($0) }
    window = SlidingWindow(length: objective.windowNanoseconds ?? interval, interval: interval, series: series)
    summary = ObjectiveWindows(index: index, expression: objective.expression.text)
  }

  /// Judges the window that ends with `row`; nil when there is none, or when it does not count.
  @discardableResult
  mutating func add(_ row: IntervalSampler.Row) -> Moment? {
    guard window.add(row), window.start >= objective.graceNanoseconds, isSending(row) else { return nil }
    let window = window
    guard let judgement = ObjectiveJudgement(objective.expression, figure: window.figure) else {
      summary.undecidedCount += 1
      return nil
    }
    var moment = Moment(
      startNanoseconds: window.start, endNanoseconds: row.sample.startNanoseconds + row.sample.lengthNanoseconds,
      judgement: judgement, isTurn: false)
    switch judgement.outcome {
    case .undecided: summary.undecidedCount += 1
    case .holds:
      summary.windowCount += 1
      moment.isTurn = isBroken
      isBroken = false
      noteIfWorst(moment)
    case .broken:
      summary.windowCount += 1
      summary.brokenCount += 1
      moment.isTurn = !isBroken
      if !isBroken { summary.breachCount += 1 }
      isBroken = true
      noteIfWorst(moment)
    }
    moments.append(moment)
    return moment
  }

  /// Whether the messages of a window come at the rate of the load: not while the rest of it drains.
  private func isSending(_ row: IntervalSampler.Row) -> Bool {
    guard isAboutRates else { return true }
    guard let sendingNanoseconds else { return row.sample.sent > 0 }
    return row.sample.startNanoseconds + row.sample.lengthNanoseconds <= sendingNanoseconds + interval / 2
  }

  private mutating func noteIfWorst(_ moment: Moment) {
    let comparison = objective.expression.comparison
    let (observed, limit) = (moment.judgement.observed, moment.judgement.limit)
    if let worst = summary.worstObserved, let worstLimit = summary.worstLimit,
      comparison.excess(observed, over: limit) <= comparison.excess(worst, over: worstLimit)
    {
      return
    }
    guard observed.isFinite, limit.isFinite else { return }
    summary.worstObserved = observed
    summary.worstLimit = limit
    summary.worstStartNanoseconds = moment.startNanoseconds
  }
}
