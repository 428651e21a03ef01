/// What the machine did during a phase.
public struct PlatformSummary: Codable, Sendable, Equatable {
  /// How late a 1 ms timer fired: the floor under every latency measured here.
  public var hiccup: LatencySummary?
  /// Time taken by the hypervisor, all cores together.
  public var stealNanoseconds: Int64?

  /// What was seen; leave out what was not measured.
  public init(hiccup: LatencySummary? = nil, stealNanoseconds: Int64? = nil) {
    self.hiccup = hiccup
    self.stealNanoseconds = stealNanoseconds
  }

  enum CodingKeys: String, CodingKey {
    case hiccup
    case stealNanoseconds = "steal_ns"
  }
}
