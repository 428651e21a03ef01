import Platform

extension TaskApplication {
  /// The present moment of the clock that the application and its workers share, in nanoseconds: what `ApplyOptions.eta` counts in, and
  /// the moments in events and inspections.
  public var now: Int64 { time.now() }

  /// The moment of that clock at which clocks on the wall show a time, as they go now.
  /// - Parameter unixNanoseconds: Since 1970 UTC.
  public func moment(unixNanoseconds: Int64) -> Int64 {
    now.advanced(by: unixNanoseconds, since: WallClock.now())
  }

  /// What clocks on the wall show at a moment of that clock, as they go now, in nanoseconds since 1970 UTC.
  public func unixNanoseconds(at moment: Int64) -> Int64 {
    WallClock.now().advanced(by: moment, since: now)
  }
}

extension Int64 {
  /// The moment that is as far from this one as `other` is from `origin`; the first or the last there is when it lies beyond.
  fileprivate func advanced(by other: Int64, since origin: Int64) -> Int64 {
    let (distance, isTooFar) = other.subtractingReportingOverflow(origin)
    guard !isTooFar else { return other < origin ? .min : .max }
    let (moment, overflows) = addingReportingOverflow(distance)
    return overflows ? (distance < 0 ? .min : .max) : moment
  }
}
