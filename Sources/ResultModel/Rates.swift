/// Messages and bytes per second of a phase.
public struct Rates: Codable, Sendable, Equatable {
  /// Scheduled messages; absent where nothing is scheduled (closed loops, saturation).
  public var offeredPerSecond: Double?
  /// Sent messages, of the time in which the phase sent.
  public var sentPerSecond: Double
  /// Received messages, of the time until the last was received: the throughput. It counts the drain, so that a subject that is
  /// slower than its load does not seem to keep up.
  public var receivedPerSecond: Double
  /// Received bytes of message bodies, of the same time.
  public var bytesPerSecond: Double

  /// Rates as they are; every one finite.
  public init(
    offeredPerSecond: Double? = nil, sentPerSecond: Double, receivedPerSecond: Double, bytesPerSecond: Double
  ) {
    self.offeredPerSecond = offeredPerSecond
    self.sentPerSecond = sentPerSecond
    self.receivedPerSecond = receivedPerSecond
    self.bytesPerSecond = bytesPerSecond
  }

  /// The rates of counts over a duration, and of what was received over one that may be longer; 0 for a duration of 0.
  public init(
    scheduled: Int?, sent: Int, received: Int, bytes: Int, durationNanoseconds: Int64,
    receivingNanoseconds: Int64? = nil
  ) {
    func rate(_ count: Int, _ nanoseconds: Int64) -> Double {
      nanoseconds > 0 ? Double(count) * 1e9 / Double(nanoseconds) : 0
    }
    let receiving = receivingNanoseconds ?? durationNanoseconds
    self.init(
      offeredPerSecond: scheduled.map { rate($0, durationNanoseconds) }, sentPerSecond: rate(sent, durationNanoseconds),
      receivedPerSecond: rate(received, receiving), bytesPerSecond: rate(bytes, receiving))
  }

  enum CodingKeys: String, CodingKey {
    case offeredPerSecond = "offered_per_s"
    case sentPerSecond = "sent_per_s"
    case receivedPerSecond = "received_per_s"
    case bytesPerSecond = "bytes_per_s"
  }
}
