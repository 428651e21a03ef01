extension CapacitySearch {
  /// The readings near the limit say something about the slope; those far from it do not.
  private var informativeRatios: ClosedRange<Double> { 0.1...min(8, 0.75 * (options.largestRatio ?? 100)) }

  /// The narrowest pair of rates with the limit between them, as far as steps have shown or hints let guess.
  private struct Bracket {
    var low: Double
    var high: Double
    var lowStep: CapacityStep?
    var highStep: CapacityStep?
    /// Rates between the two that were undecided, rising.
    var undecided: [Double]
  }

  private var tried: [CapacityStep] { steps.filter { !$0.isConfirmation } }

  private var bracket: Bracket {
    let all = tried.map { (step: $0, decision: decision($0)) }
    func rates(_ wanted: CapacityStep.Decision) -> [Double] {
      all.filter { $0.decision == wanted }.map(\.step.ratePerSecond)
    }
    let failed = rates(.failed)
    let passed = rates(.passed).filter { rate in !failed.contains { $0 <= rate } }.max()
    let lowestFailed = failed.filter { $0 > passed ?? 0 }.min()
    let low =
      passed ?? rates(.hint(isOver: false)).filter { $0 < lowestFailed ?? .infinity }.max()
      ?? Self.rounded(options.bounds.lowerBound)
    // What cannot be reached bounds the search, too, and says nothing.
    let ceiling = (rates(.unreachable) + rates(.hint(isOver: true))).filter { $0 > low }.min()
    let high = [lowestFailed, ceiling].compactMap { $0 }.min() ?? min(low * 2, options.bounds.upperBound)
    // The last rate of all may be undecided itself.
    let inside = rates(.undecided).filter { low < $0 && ($0 < high || ($0 == high && lowestFailed == nil)) }
    return Bracket(
      low: low, high: high, lowStep: tried.first { $0.ratePerSecond == low },
      highStep: tried.first { $0.ratePerSecond == high }, undecided: inside.sorted())
  }

  /// What the steps have shown, and nothing else.
  var shownRange: Range {
    let bracket = bracket
    let low = bracket.lowStep.map(decision) == .passed ? bracket.low : 0
    let high = tried.filter { decision($0) == .failed && $0.ratePerSecond > low }.map(\.ratePerSecond).min()
    return Range(low: low, high: high)
  }

  private var fit: ThresholdFit? {
    let steps = tried.filter { $0.ratios.count >= options.trialCount && informativeRatios.contains($0.mean) }
    return ThresholdFit(steps.flatMap { step in step.ratios.map { (rate: step.ratePerSecond, value: $0) } })
  }

  /// The highest rate at which trials make sense.
  private var ceiling: Double {
    tried.filter { decision($0) == .unreachable }.map { $0.ratePerSecond * (1 - options.precision) }.min()
      ?? options.bounds.upperBound
  }

  mutating func planNarrowing() {
    let bracket = bracket
    narrowing.isNoisy = narrowing.isNoisy || !bracket.undecided.isEmpty
    let isSpent = narrowing.spent >= Self.trialLimit(options)
    if narrowing.isNoisy, let fit {
      if let interval = fit.interval(confidence: Self.confidence), let middle = fit.threshold {
        let isNarrow = interval.high - interval.low <= options.precision * middle
        if isNarrow || isSpent { return finish(interval, isExhausted: !isNarrow) }
        aim(at: middle, growth: fit.growth)
      } else {
        spread(around: fit)
      }
      if !isSpent, let design = narrowing.design {
        let rates = [design.low, design.high]
        return ask(rates.min { count(at: $0) < count(at: $1) } ?? design.low, count: options.trialCount)
      }
    }
    if isSpent { return finishWider(bracket) }
    bisect(bracket)
  }

  private func count(at rate: Double) -> Int {
    tried.first { $0.ratePerSecond == Self.rounded(rate) }?.ratios.count ?? 0
  }

  /// Two rates on both sides of the limit, where the readings are about half and twice what is allowed: far enough apart for a slope,
  /// near enough for a straight line. They stay while the limit is between them, so that few rates have many readings each.
  private mutating func aim(at middle: Double, growth: Double) {
    if let design = narrowing.design, design.isFitted, design.low < middle, middle < design.high { return }
    let reach = min(max(0.6 / growth, options.precision * middle / 2), 0.35 * middle)
    setDesign(around: middle, reach: reach, isFitted: true)
  }

  /// While no slope shows: further and further apart.
  private mutating func spread(around fit: ThresholdFit) {
    if let design = narrowing.design, min(count(at: design.low), count(at: design.high)) < options.trialCount { return }
    let rates = tried.filter { $0.ratios.count >= options.trialCount && informativeRatios.contains($0.mean) }
      .map(\.ratePerSecond)
    guard let lowest = rates.min(), let highest = rates.max() else { return }
    let middle = min(max(fit.threshold ?? (lowest + highest) / 2, lowest), highest)
    setDesign(around: middle, reach: narrowing.reach * middle, isFitted: false)
    narrowing.reach = min(narrowing.reach * 1.5, 0.4)
  }

  private mutating func setDesign(around middle: Double, reach: Double, isFitted: Bool) {
    let top = min(middle + reach, ceiling)
    let bottom = max(min(middle - reach, top * (1 - options.precision)), options.bounds.lowerBound)
    narrowing.design = Design(low: bottom, high: top, isFitted: isFitted)
  }

  /// Bisection by the steps themselves: between the two ends, or beside what is undecided.
  private mutating func bisect(_ bracket: Bracket) {
    let allowed = options.precision * bracket.high
    let isAtEnd = bracket.low >= Self.rounded(options.bounds.upperBound) || bracket.high <= bracket.low
    guard let first = bracket.undecided.first, let last = bracket.undecided.last else {
      if !isAtEnd, bracket.high - bracket.low > allowed {
        return ask((bracket.low * bracket.high).squareRoot(), count: options.trialCount)
      }
      return settle(bracket, isAtEnd: isAtEnd)
    }
    let gaps = (low: first - bracket.low, high: bracket.high - last)
    if max(gaps.low, gaps.high) > allowed / 2 {
      let inner = gaps.low >= gaps.high ? (bracket.low * first) : (bracket.high * last)
      return ask(inner.squareRoot(), count: options.trialCount)
    }
    if bracket.high - bracket.low <= allowed { return settle(bracket, isAtEnd: false) }
    ask(bracket.undecided.min { count(at: $0) < count(at: $1) } ?? first, count: options.trialCount)
  }

  /// Ends with what the steps have shown, once both ends have been tried twice: they bear the result alone.
  private mutating func settle(_ bracket: Bracket, isAtEnd: Bool) {
    func isSound(_ step: CapacityStep?, as wanted: CapacityStep.Decision) -> Bool {
      guard let step else { return false }
      return step.ratios.count >= 2 * options.trialCount && decision(step) == wanted
    }
    let lowest = Self.rounded(options.bounds.lowerBound)
    if let step = tried.first(where: { $0.ratePerSecond == lowest }), isSound(step, as: .failed) {
      return close(Range(low: 0, high: lowest))
    }
    if !isSound(bracket.lowStep, as: .passed) { return ask(bracket.low, count: options.trialCount) }
    let isUnknown = isAtEnd || bracket.highStep.map(decision) == .unreachable
    if !isUnknown, !isSound(bracket.highStep, as: .failed) { return ask(bracket.high, count: options.trialCount) }
    close(Range(low: bracket.low, high: isUnknown ? nil : bracket.high))
  }

  private mutating func finish(_ interval: (low: Double, high: Double), isExhausted: Bool) {
    self.isExhausted = isExhausted
    let rates = tried.filter { $0.ratios.count > 0 }.map(\.ratePerSecond)
    let low = max(interval.low, rates.min() ?? 0)
    let isOpen = interval.high >= ceiling
    close(Range(low: low, high: isOpen ? nil : min(interval.high, rates.max() ?? interval.high)))
  }

  /// The trials are used up and no slope has shown. Ends that are near each other have one undecided rate between them at most; else
  /// they are not trusted alone, and their outer neighbours take their place.
  private mutating func finishWider(_ bracket: Bracket) {
    let isNarrow = bracket.high - bracket.low <= options.precision * bracket.high
    if isNarrow, bracket.lowStep.map(decision) == .passed, bracket.highStep.map(decision) == .failed {
      return close(Range(low: bracket.low, high: bracket.high))
    }
    isExhausted = true
    let below = tried.filter {
      [.passed, .hint(isOver: false)].contains(decision($0)) && $0.ratePerSecond < bracket.low
    }
    let above = tried.filter {
      [.failed, .hint(isOver: true)].contains(decision($0)) && $0.ratePerSecond > bracket.high
    }
    close(
      Range(
        low: below.map(\.ratePerSecond).max() ?? 0,
        high: above.map(\.ratePerSecond).min() ?? tried.last { decision($0) == .failed }?.ratePerSecond))
  }

  private mutating func close(_ range: Range) {
    self.range = range
    stage = .confirming(attempt: 0)
  }
}
