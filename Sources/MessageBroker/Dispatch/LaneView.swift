/// What a push-time policy may look at: the lanes of a queue's consumers at the moment of a decision.
///
/// A session implements it over its own counters, so that a policy compiles into plain loads. Counts may be a batch old; a caller that
/// decides for several messages before the consumers' counters are read again adds its own choices to what it shows.
public protocol LaneView {
  /// How many consumers there are; at least 1 when a policy is asked.
  var laneCount: Int { get }

  /// The messages in a lane and the unacknowledged ones of its consumer together: what a new message would wait for.
  func outstandingCount(of lane: Int) -> Int

  /// Names the lane's consumer, whatever its place among the lanes, as long as it lives. Equal for all sessions.
  func identity(of lane: Int) -> UInt64
}
