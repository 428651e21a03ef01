/// Random bits that belong to a message: the same for everyone who knows its number.
public enum MessageBits {
  /// Bits that look unrelated for any two different triples.
  @inlinable
  public static func of(_ seed: UInt64, _ producer: UInt64, _ sequence: UInt64) -> UInt64 {
    // Each step is a bijection of its last argument; the odd offset keeps (0, 0, 0) away from the mixer's fixed point 0.
    let stream = SplitMix64.mix(SplitMix64.mix(seed &+ 0x9E37_79B9_7F4A_7C15) &+ producer)
    return SplitMix64.mix(stream &+ sequence &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The seed of one property of messages, so that a message's size says nothing about its service time.
  @inlinable
  public static func seed(_ seed: UInt64, for property: Property) -> UInt64 {
    SplitMix64.mix(seed ^ SplitMix64.mix(property.rawValue))
  }

  /// What is drawn for a message.
  public enum Property: UInt64, Sendable {
    case size = 1
    case key
    case priority
    case failure
  }
}
