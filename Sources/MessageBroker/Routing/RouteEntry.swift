/// What a session knows about one route: the lanes that lead to its queues, as of one version of the routing.
@safe @frozen @usableFromInline
struct RouteEntry {
  /// The version this was resolved with; 0 means never.
  @usableFromInline var version: UInt64 = 0
  /// Whether its exchange existed and might be published to.
  @usableFromInline var isOpen = false
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

  /// Starts anew, for as many lanes as will be appended.
  mutating func begin(version: UInt64, isOpen: Bool, laneCount: Int) {
    forgetLanes()
    self.version = version
    self.isOpen = isOpen
    if laneCount > 1 || (laneCount == 1 && !properties.isNone) { unsafe lanes = .allocate(capacity: laneCount) }
  }

  mutating func append(_ lane: UnsafeMutablePointer<PublishLane>) {
    if let lanes = unsafe lanes { unsafe (lanes + laneCount).initialize(to: lane) } else { unsafe self.lane = lane }
    laneCount += 1
  }

  mutating func forgetLanes() {
    unsafe lanes?.deallocate()
    unsafe lanes = nil
    unsafe lane = nil
    laneCount = 0
  }
}
