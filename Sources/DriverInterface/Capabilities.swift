/// What a driver's subject can do; asking for more is refused before anything runs.
public struct Capabilities: Sendable {
  /// Whether raw rings can be measured.
  public var rings: Bool
  /// Whether the subject confirms what it accepted.
  public var publisherConfirms: Bool
  /// Whether a request can name the queue for its reply.
  public var requestReply: Bool
  /// Whether latency one way can be measured: sender and receiver share a clock.
  public var sharedClock: Bool
  /// Whether the driver can break messages and workers on purpose.
  public var faultInjection: Bool

  /// Creates a description.
  public init(
    rings: Bool, publisherConfirms: Bool, requestReply: Bool, sharedClock: Bool, faultInjection: Bool = false
  ) {
    self.rings = rings
    self.publisherConfirms = publisherConfirms
    self.requestReply = requestReply
    self.sharedClock = sharedClock
    self.faultInjection = faultInjection
  }
}
