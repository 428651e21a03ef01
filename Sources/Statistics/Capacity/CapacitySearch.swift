import Glibc

/// Searches the highest rate at which a figure of a subject stays under its limit, by trials of which each says something with noise.
///
/// A machine of states: `next` says at which rate to try, `note` is told what came of it; it knows no clock and no subject. The figure
/// is taken to grow with the rate. A reading is the observed value as a multiple of the one that is allowed, and must be right on average;
/// of a percentile it is the share of messages beyond the limit over the share that may be (R. S. Woodruff, "Confidence intervals for
/// medians and other position measures", Journal of the American Statistical Association 47, 1952), since a percentile of a trial is not.
///
/// 1. *Probe*: from `from` in factors of two, one trial each, until the limit lies between two rates.
/// 2. *Narrow*: bisection with steps of several trials. Bisection with noise needs each step to be right with known probability
///    (R. Waeber, P. Frazier and S. Henderson, "Bisection search with noisy responses", SIAM Journal on Control and Optimization 51,
///    2013); near the limit that takes more trials than anybody waits for. So the steps decide by a strict level as long as they do, down to
///    the precision if the subject has a cliff; from the first undecided step on, trials are made at two rates on both sides of the limit,
///    and all readings near it together give an interval (`ThresholdFit`). It ends when that is as narrow as the precision, or with the
///    trials; then it is wider.
/// 3. *Confirm*: longer trials at the low end. A low end that they contradict gives way to a lower rate.
///
/// The interval holds the limit's rate with 99 % confidence where it comes from the fit; a wrong step has a probability of 0.1 %.
public struct CapacitySearch: Sendable {
  /// The confidence of the interval.
  public static let confidence = 0.99

  /// What is searched.
  public let options: Options
  /// The steps so far, in the order of their first trials.
  public internal(set) var steps: [CapacityStep] = []
  /// What the search has come to.
  public internal(set) var range = Range(low: 0, high: nil)
  /// Whether the longer trials at the low end agreed; nil until they have been made.
  public internal(set) var isConfirmed: Bool?
  /// Whether the trials were used up before the interval was as narrow as it should be.
  public internal(set) var isExhausted = false

  var stage = Stage.probing
  var narrowing = Narrowing()
  private var batch = Batch()

  enum Stage: Equatable { case probing, narrowing, confirming(attempt: Int), over }

  /// What is known while narrowing.
  struct Narrowing {
    /// Trials made.
    var spent = 0
    /// Whether a step was undecided.
    var isNoisy = false
    /// The two rates at which trials are made then.
    var design: Design?
    /// How far apart the next two are while no slope is known, as a share of the rate.
    var reach = 0.05
  }

  /// Two rates on both sides of the limit.
  struct Design {
    var low: Double
    var high: Double
    /// Whether they follow from a slope that is known.
    var isFitted: Bool
  }

  /// Trials to make at one rate.
  private struct Batch {
    var step = 0
    var remaining = 0
    /// How many more may turn out not to be usable.
    var repeatsLeft = 0
  }

  /// A search that begins.
  public init(_ options: Options) { self.options = options }

  /// The most trials that may be made, those that are repeated aside: short ones and longer ones.
  public static func largestTrialCounts(_ options: Options) -> (short: Int, long: Int) {
    let up = log2(options.bounds.upperBound / options.from).rounded(.up)
    let down = log2(options.from / options.bounds.lowerBound).rounded(.up)
    return (
      Int(max(up, down)) + 1 + trialLimit(options) + options.trialCount, attemptLimit * 2 * options.trialCount
    )
  }

  static func trialLimit(_ options: Options) -> Int { 16 * options.trialCount }
  static let attemptLimit = 3

  /// The next trial; nil when the search is over. The same until a reading was noted.
  public mutating func next() -> Request? {
    while batch.remaining == 0, stage != .over { plan() }
    guard batch.remaining > 0 else { return nil }
    return Request(ratePerSecond: steps[batch.step].ratePerSecond, isConfirmation: steps[batch.step].isConfirmation)
  }

  /// Takes what the trial that `next` asked for said.
  public mutating func note(_ reading: Reading) {
    precondition(batch.remaining > 0, "a reading that nobody asked for")
    if stage == .narrowing { narrowing.spent += 1 }
    switch reading {
    case .unusable:
      steps[batch.step].unusableCount += 1
      batch.repeatsLeft -= 1
      guard batch.repeatsLeft < 0 else { return }
      steps[batch.step].isUnreachable = true
      batch.remaining = 0
      narrowing.design = nil
    case .over:
      steps[batch.step].add(CapacityStep.overRatio, leastVariance: 0)
      batch.remaining -= 1
    case .ratio(let ratio, let variance):
      steps[batch.step].add(max(0, ratio), leastVariance: variance)
      batch.remaining -= 1
    }
  }

  /// Ends the search early: the range is what the steps show.
  public mutating func stop() {
    guard stage != .over else { return }
    if stage == .probing || stage == .narrowing { range = shownRange }
    stage = .over
    batch.remaining = 0
  }

  private mutating func plan() {
    switch stage {
    case .probing: planProbe()
    case .narrowing: planNarrowing()
    case .confirming(let attempt): planConfirmation(attempt)
    case .over: break
    }
  }

  /// Asks for `count` trials at a rate, which has five significant digits then.
  mutating func ask(_ rate: Double, count: Int, isConfirmation: Bool = false) {
    let rate = Self.rounded(min(max(rate, options.bounds.lowerBound), options.bounds.upperBound))
    let known = steps.firstIndex { $0.ratePerSecond == rate && $0.isConfirmation == isConfirmation }
    if known == nil { steps.append(CapacityStep(ratePerSecond: rate, isConfirmation: isConfirmation)) }
    batch = Batch(step: known ?? steps.count - 1, remaining: count, repeatsLeft: max(2, count))
  }

  func decision(_ step: CapacityStep) -> CapacityStep.Decision { step.decision(trialCount: options.trialCount) }

  static func rounded(_ rate: Double) -> Double {
    let scale = pow(10, 4 - log10(rate).rounded(.down))
    return (rate * scale).rounded() / scale
  }

  private mutating func planProbe() {
    guard let last = steps.last else { return ask(options.from, count: 1) }
    let isUnder = steps.map { decision($0) == .hint(isOver: false) }
    let isBetween = isUnder.contains(true) && isUnder.contains(false)
    let isRising = isUnder[isUnder.count - 1]
    let end = isRising ? options.bounds.upperBound : options.bounds.lowerBound
    if isBetween || last.ratePerSecond == Self.rounded(end) {
      stage = .narrowing
    } else {
      ask(isRising ? last.ratePerSecond * 2 : last.ratePerSecond / 2, count: 1)
    }
  }

  private mutating func planConfirmation(_ attempt: Int) {
    guard range.low > 0 else {
      stage = .over
      return
    }
    let rate = Self.rounded(range.low)
    if let step = steps.first(where: { $0.isConfirmation && $0.ratePerSecond == rate }) {
      let agrees = !step.isUnreachable && step.mean <= 1
      if agrees {
        isConfirmed = true
        stage = .over
        return
      }
      if step.isUnreachable || step.ratios.count >= 2 * options.trialCount {
        let passed = steps.filter { !$0.isConfirmation && $0.ratePerSecond < rate && decision($0) == .passed }
        range.low = passed.map(\.ratePerSecond).max() ?? rate * (1 - options.precision)
        let isLast = attempt + 1 == Self.attemptLimit
        // Of the next low end nothing is known yet.
        isConfirmed = isLast ? false : nil
        stage = isLast ? .over : .confirming(attempt: attempt + 1)
        return
      }
    }
    ask(rate, count: options.trialCount, isConfirmation: true)
  }
}
