/// Messages and bytes per second of a phase.
public struct Rates: Codable, Sendable, Equatable {
  /// Scheduled messages; absent where nothing is scheduled (closed loops, saturation).
  public var offeredPerSecond: Double?
  /// Sent messages.
  public var sentPerSecond: Double
  /// Received messages: the throughput.
  public var receivedPerSecond: Double
  /// Received bytes of message bodies.
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

  /// The rates of counts over a duration; a duration of 0 gives rates of 0.
  public init(scheduled: Int?, sent: Int, received: Int, bytes: Int, durationNanoseconds: Int64) {
    let perCount = durationNanoseconds > 0 ? 1e9 / Double(durationNanoseconds) : 0
    self.init(
      offeredPerSecond: scheduled.map { Double($0) * perCount }, sentPerSecond: Double(sent) * perCount,
      receivedPerSecond: Double(received) * perCount, bytesPerSecond: Double(bytes) * perCount)
  }

  enum CodingKeys: String, CodingKey {
    case offeredPerSecond = "offered_per_s"
    case sentPerSecond = "sent_per_s"
    case receivedPerSecond = "received_per_s"
    case bytesPerSecond = "bytes_per_s"
  }
}
