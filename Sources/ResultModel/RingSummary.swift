/// How the ring or the queues of a phase behaved.
public struct RingSummary: Codable, Sendable, Equatable {
  /// Messages per take that found any.
  public var batchMean: Double?
  /// How often a producer found no room.
  public var fullWaits = 0
  /// How often a consumer found nothing.
  public var emptyPolls = 0
  /// The median number of messages waiting.
  public var occupancyP50: Int?
  /// The largest number of messages waiting.
  public var occupancyMax: Int?

  /// Nothing counted yet.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case batchMean = "batch_mean"
    case fullWaits = "full_waits"
    case emptyPolls = "empty_polls"
    case occupancyP50 = "occupancy_p50"
    case occupancyMax = "occupancy_max"
  }
}
