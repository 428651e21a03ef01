public import Distributions

/// When one producer sends in one phase: the next intended time of an open loop, or whether a closed loop may go on.
@frozen
public struct SendingSchedule {
  @usableFromInline enum Kind { case constant, poisson, varying, burst, trace, moments, none }

  /// Which of the next five there is. Not an enum with payloads: a payload is copied out and back for every message, which
  /// takes 17 ns instead of a half.
  @usableFromInline let kind: Kind
  @usableFromInline var constant: ConstantArrivals?
  @usableFromInline var poisson: PoissonArrivals?
  @usableFromInline var varying: VaryingArrivals?
  @usableFromInline var burst: BurstArrivals?
  @usableFromInline var trace: TraceArrivals?
  @usableFromInline var moments: (any DueMoments)?
  @usableFromInline let start: Int64
  @usableFromInline let end: Int64
  /// The intended time of the next message on the run's time source; `Int64.max` when there is none left.
  @usableFromInline var nextIntended: Int64
  /// Bytes of the next message's body and its route, when a trace says; 0 and -1 when it does not.
  @usableFromInline var nextByteCount = 0
  @usableFromInline var nextRoute = -1
  /// Intended times up to now.
  @usableFromInline var scheduledCount = 0
  /// Messages to send in all, for a load that is a number of messages.
  @usableFromInline let countLimit: Int
  /// Messages that may be outstanding, for a closed loop that keeps a number of them.
  @usableFromInline let inFlightLimit: Int
  /// Whether messages have intended times.
  @usableFromInline let isOpenLoop: Bool
  /// Where gaps are noted for the judgement of the schedule, which of them comes next, and every how many one does.
  private let sample: ArrivalSample?
  @usableFromInline var nextSampled = Int.max
  private let samplingStride: Int

  /// The longest that an open loop may run over its end to send what is overdue.
  public static let overrunNanoseconds: Int64 = 100_000_000

  /// The share of producer `index` out of `count` in a phase; a sample of its gaps goes into `sample`.
  public init(_ phase: PhaseControl, producer index: Int, of count: Int, sample: ArrivalSample? = nil) {
    let plan = phase.plan
    start = phase.startNanoseconds
    end = plan.durationNanoseconds.map { phase.startNanoseconds + $0 } ?? .max
    var countLimit = Int.max
    var inFlightLimit = Int.max
    switch plan.load {
    case .constant(let rate):
      kind = .constant
      constant = ConstantArrivals(ratePerSecond: rate, producer: index, of: count)
    case .poisson(let rate):
      kind = .poisson
      poisson = PoissonArrivals(ratePerSecond: rate, seed: plan.seed, producer: index, of: count)
    case .varying(let profile, let isPoisson):
      kind = .varying
      varying = VaryingArrivals(
        profile: profile, isPoisson: isPoisson, seed: plan.seed, producer: index, of: count)
    case .burst(let messages, let period):
      kind = .burst
      burst = BurstArrivals(messageCount: messages, periodNanoseconds: period, producer: index, of: count)
    case .trace(let recorded, let speed):
      kind = .trace
      trace = TraceArrivals(recorded, speed: speed, producer: index, of: count)
    case .inFlight(let limit):
      kind = .none
      inFlightLimit = limit
    case .saturate(let messages):
      kind = .none
      if let messages { countLimit = Self.share(of: messages, index, count) }
    case .backlog(let messages):
      kind = .none
      countLimit = Self.share(of: messages, index, count)
    case .schedule: preconditionFailure("a phase of schedules has no producers but the beat")
    }
    isOpenLoop = plan.isOpenLoop
    self.countLimit = countLimit
    self.inFlightLimit = inFlightLimit
    nextIntended = start
    self.sample = sample
    let expected = (plan.dueCount(until: plan.durationNanoseconds ?? 0) ?? 0) / Double(count)
    samplingStride = Int(min(max(1, (expected / Double(ArrivalSample.limit)).rounded(.up)), 0x1p40))
    if isOpenLoop { advance() }
    // From the second time on: what is before the first is no gap between two messages.
    if sample != nil { nextSampled = 1 }
  }

  /// What is due in a phase by moments of their own, whatever the load is.
  public init(_ phase: PhaseControl, moments: any DueMoments) {
    kind = .moments
    self.moments = moments
    start = phase.startNanoseconds
    end = phase.plan.durationNanoseconds.map { phase.startNanoseconds + $0 } ?? .max
    countLimit = .max
    inFlightLimit = .max
    isOpenLoop = true
    nextIntended = start
    sample = nil
    samplingStride = 1
    moments.begin(at: start)
    advance()
  }

  private static func share(of messages: Int64, _ index: Int, _ count: Int) -> Int {
    (Int(messages) + count - 1 - index) / count
  }

  /// Moves to the next intended time.
  @inlinable @inline(__always)
  public mutating func advance() {
    let offset: Int64
    switch kind {
    case .constant: offset = constant!.next()
    case .poisson: offset = poisson!.next()
    case .varying: offset = varying!.next()
    case .burst: offset = burst!.next()
    case .trace: offset = nextOfTrace()
    case .moments: offset = nextMoment()
    case .none: return
    }
    let intended = start &+ offset
    if intended < end {
      if scheduledCount == nextSampled { noteGap(to: intended) }
      nextIntended = intended
      scheduledCount &+= 1
    } else {
      nextIntended = .max
    }
  }

  @inlinable
  mutating func nextOfTrace() -> Int64 {
    nextByteCount = Int(trace!.upcoming?.byteCount ?? 0)
    nextRoute = Int(trace!.upcoming?.route ?? -1)
    return trace!.next()
  }

  @usableFromInline @inline(never)
  func nextMoment() -> Int64 {
    // Beyond the end of any phase, and no overflow when the start is added.
    moments?.next() ?? .max - start
  }

  @usableFromInline @inline(never)
  mutating func noteGap(to intended: Int64) {
    let hasRoom = sample?.note(from: nextIntended &- start, to: intended &- start) ?? false
    nextSampled = hasRoom ? nextSampled &+ samplingStride : .max
  }

  /// Counts the intended times before `time` that were not sent any more, however many there are. The last call: the
  /// schedule is over.
  public mutating func skip(until time: Int64) {
    guard nextIntended != .max else { return }
    guard nextIntended < time else {
      // The one that is next was counted when it became next, and is not due.
      scheduledCount -= 1
      return
    }
    let offset = min(time, end) &- start
    let overdueCount =
      switch kind {
      case .constant: constant!.takeCount(before: offset)
      case .poisson: poisson!.takeCount(before: offset)
      case .varying: varying!.takeCount(before: offset)
      case .burst: burst!.takeCount(before: offset)
      case .trace: trace!.takeCount(before: offset)
      case .moments: momentCount(before: offset)
      case .none: 0
      }
    scheduledCount += overdueCount
    nextIntended = .max
  }

  private func momentCount(before offset: Int64) -> Int {
    var count = 0
    while nextMoment() < offset { count += 1 }
    return count
  }
}
