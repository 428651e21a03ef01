/// A slice of a phase: its own messages only, never cumulative.
public struct IntervalSample: Codable, Sendable, Equatable {
  /// When it began, from the start of the trial.
  public var startNanoseconds: Int64
  /// How long it was.
  public var lengthNanoseconds: Int64
  /// Messages due in it by the load's nominal rate, also where arrivals are drawn at random; absent where nothing is scheduled.
  public var offered: Int?
  /// Messages sent in it.
  public var sent: Int
  /// Messages received in it.
  public var received: Int
  /// The median; absent when nothing was recorded in it.
  public var p50: Int64?
  /// The 99th percentile; absent when nothing was recorded in it.
  public var p99: Int64?
  /// The largest, exactly; absent when nothing was recorded in it.
  public var max: Int64?
  /// Bytes that the data-path threads allocated in it; absent where that is known of the whole phase only.
  public var allocatedBytes: Int?

  /// A slice; leave the times out when nothing was recorded in it.
  public init(
    startNanoseconds: Int64, lengthNanoseconds: Int64, offered: Int? = nil, sent: Int, received: Int,
    p50: Int64? = nil, p99: Int64? = nil, max: Int64? = nil
  ) {
    self.startNanoseconds = startNanoseconds
    self.lengthNanoseconds = lengthNanoseconds
    self.offered = offered
    self.sent = sent
    self.received = received
    self.p50 = p50
    self.p99 = p99
    self.max = max
  }

  enum CodingKeys: String, CodingKey {
    case startNanoseconds = "start_ns"
    case lengthNanoseconds = "length_ns"
    case offered, sent, received, p50, p99, max
    case allocatedBytes = "allocated_bytes"
  }
}
