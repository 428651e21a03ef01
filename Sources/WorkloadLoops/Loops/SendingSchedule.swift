public import Distributions

/// When one producer sends in one phase: the next intended time of an open loop, or whether a closed loop may go on.
@frozen
public struct SendingSchedule {
  @usableFromInline enum Arrivals {
    case constant(ConstantArrivals)
    case poisson(PoissonArrivals)
    case none
  }

  @usableFromInline var arrivals: Arrivals
  @usableFromInline let start: Int64
  @usableFromInline let end: Int64
  /// The intended time of the next message on the run's time source; `Int64.max` when there is none left.
  @usableFromInline var nextIntended: Int64
  /// Intended times up to now.
  @usableFromInline var scheduledCount = 0
  /// Messages to send in all, for a load that is a number of messages.
  @usableFromInline let countLimit: Int
  /// Messages that may be outstanding, for a closed loop that keeps a number of them.
  @usableFromInline let inFlightLimit: Int
  /// Whether messages have intended times.
  @usableFromInline let isOpenLoop: Bool

  /// The longest that an open loop may run over its end to send what is overdue.
  public static let overrunNanoseconds: Int64 = 100_000_000

  /// The share of producer `index` out of `count` in a phase.
  public init(_ phase: PhaseControl, producer index: Int, of count: Int) {
    start = phase.startNanoseconds
    end = phase.plan.durationNanoseconds.map { phase.startNanoseconds + $0 } ?? .max
    var countLimit = Int.max
    var inFlightLimit = Int.max
    switch phase.plan.load {
    case .constant(let rate):
      arrivals = .constant(ConstantArrivals(ratePerSecond: rate, producer: index, of: count))
      isOpenLoop = true
    case .poisson(let rate):
      arrivals = .poisson(PoissonArrivals(ratePerSecond: rate, seed: phase.plan.seed, producer: index, of: count))
      isOpenLoop = true
    case .inFlight(let limit):
      arrivals = .none
      inFlightLimit = limit
      isOpenLoop = false
    case .saturate(let messages):
      arrivals = .none
      if let messages { countLimit = (Int(messages) + count - 1 - index) / count }
      isOpenLoop = false
    }
    self.countLimit = countLimit
    self.inFlightLimit = inFlightLimit
    nextIntended = start
    if isOpenLoop { advance() }
  }

  /// Moves to the next intended time.
  @inlinable @inline(__always)
  public mutating func advance() {
    let offset: Int64
    switch arrivals {
    case .constant(var schedule):
      offset = schedule.next()
      arrivals = .constant(schedule)
    case .poisson(var schedule):
      offset = schedule.next()
      arrivals = .poisson(schedule)
    case .none:
      return
    }
    let intended = start &+ offset
    if intended < end {
      nextIntended = intended
      scheduledCount &+= 1
    } else {
      nextIntended = .max
    }
  }

  /// Counts the intended times before `time` that were not sent any more.
  public mutating func skip(until time: Int64) {
    while nextIntended < time { advance() }
    // The one that is next was counted when it became next, and is not due.
    if nextIntended != .max { scheduledCount -= 1 }
  }
}
