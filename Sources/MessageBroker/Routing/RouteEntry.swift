/// What a session knows about one (exchange, key): the lanes that lead to its queues, as of one version of the routing.
@safe @frozen @usableFromInline
struct RouteEntry {
  /// The version this was resolved with; 0 means never.
  @usableFromInline var version: UInt64 = 0
  /// How many queues.
  @usableFromInline var laneCount = 0
  /// The only lane, when there is one.
  @usableFromInline var lane: UnsafeMutablePointer<PublishLane>?
  /// All lanes, when there are several.
  @usableFromInline var lanes: UnsafeMutablePointer<UnsafeMutablePointer<PublishLane>>?
  @usableFromInline let routingKey: UInt32
  @usableFromInline let exchange: UInt16

  init(routingKey: UInt32, exchange: UInt16) {
    self.routingKey = routingKey
    self.exchange = exchange
    unsafe lane = nil
    unsafe lanes = nil
  }

  mutating func set(_ found: [UnsafeMutablePointer<PublishLane>], version: UInt64) {
    forgetLanes()
    self.version = version
    laneCount = unsafe found.count
    unsafe lane = found.first
    guard laneCount > 1 else { return }
    unsafe lanes = .allocate(capacity: laneCount)
    for index in 0..<laneCount { unsafe (lanes! + index).initialize(to: found[index]) }
  }

  mutating func forgetLanes() {
    unsafe lanes?.deallocate()
    unsafe lanes = nil
    unsafe lane = nil
    laneCount = 0
  }
}
