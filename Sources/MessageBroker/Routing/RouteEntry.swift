/// What a session knows about one route: the lanes that lead to its queues, as of one version of the routing.
@safe @frozen @usableFromInline
struct RouteEntry {
  /// The version this was resolved with; 0 means never.
  @usableFromInline var version: UInt64 = 0
  /// How many queues.
  @usableFromInline var laneCount = 0
  /// The only lane, when there is one and the messages have no headers: the short way.
  @usableFromInline var lane: UnsafeMutablePointer<PublishLane>?
  /// All lanes, when the short way is not open.
  @usableFromInline var lanes: UnsafeMutablePointer<UnsafeMutablePointer<PublishLane>>?
  @usableFromInline let routingKey: UInt32
  @usableFromInline let exchange: UInt16
  /// The headers of the messages. The route holds one reference for as long as the session lives, each message another.
  @usableFromInline let properties: PropertyBlock

  init(routingKey: UInt32, exchange: UInt16, properties: PropertyBlock) {
    self.routingKey = routingKey
    self.exchange = exchange
    self.properties = properties
    unsafe lane = nil
    unsafe lanes = nil
  }

  mutating func set(_ found: [UnsafeMutablePointer<PublishLane>], version: UInt64) {
    forgetLanes()
    self.version = version
    laneCount = unsafe found.count
    if laneCount == 1 && properties.isNone {
      unsafe lane = found[0]
    } else if laneCount > 0 {
      let memory = UnsafeMutablePointer<UnsafeMutablePointer<PublishLane>>.allocate(capacity: laneCount)
      for index in 0..<laneCount { unsafe (memory + index).initialize(to: found[index]) }
      unsafe lanes = memory
    }
  }

  mutating func forgetLanes() {
    unsafe lanes?.deallocate()
    unsafe lanes = nil
    unsafe lane = nil
    laneCount = 0
  }
}
