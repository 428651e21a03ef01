/// How an ending thread drains its seat: as it was asked to, and for how long. A value; the times are passed in.
///
/// A warm drain that takes too long turns cold rather than be broken off: then what runs elsewhere is ended, and everything that was
/// taken ends with an outcome or in its queue. A cold one has the same time after its grace, for what finds no room.
struct SeatDrain {
  /// How long it may take, each time, in nanoseconds: 30 s.
  static let limit: Int64 = 30_000_000_000

  private var stop = LaneStop.warm
  private var end: Int64

  /// A drain that begins now.
  init(now: Int64) { end = now.advanced(upTo: Self.limit) }

  /// How to drain now; nil when it has taken too long altogether.
  /// - Parameter asked: What the thread was asked for, perhaps since the last time.
  mutating func next(_ asked: LaneStop, now: Int64) -> LaneStop? {
    if stop == .warm, asked != .warm { turn(to: asked, now) }
    guard now >= end else { return stop }
    guard stop == .warm else { return nil }
    turn(to: .cold(killingAt: now), now)
    return stop
  }

  private mutating func turn(to cold: LaneStop, _ now: Int64) {
    stop = cold
    guard case .cold(let moment) = cold else { return }
    end = max(now, moment).advanced(upTo: Self.limit)
  }
}
