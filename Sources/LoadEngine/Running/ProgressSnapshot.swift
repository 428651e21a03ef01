/// Where a run stands, for a live line on the terminal.
public struct ProgressSnapshot: Codable, Sendable, Equatable {
  /// The present phase.
  public var phaseName: String
  /// Its index and how many there are.
  public var phaseIndex: Int
  public var phaseCount: Int
  /// Whether the phase is an open loop, so that `p99Nanoseconds` is one of latency.
  public var isOpenLoop: Bool
  /// Time since the phase started, in nanoseconds.
  public var elapsedNanoseconds: Int64
  /// How long the phase will last, in nanoseconds; nil when it is a number of messages.
  public var totalNanoseconds: Int64?
  /// Messages received in the phase so far.
  public var receivedCount: Int
  /// Messages received per second over the last interval.
  public var receivedPerSecond: Double
  /// The p99 of the last interval, in nanoseconds: of latency in an open loop, else of service time.
  public var p99Nanoseconds: Int64?
}
