/// What one cell of the matrix yielded.
public struct VariantResult: Codable, Sendable, Equatable {
  /// The axes and values, e.g. `serializer=json,dispatch=fair`; `default` without a matrix.
  public var id: String
  /// A short name for files and log tags, e.g. `v03-json-fair`: no comma, space, slash or newline.
  public var slug: String
  /// The value on each axis of the matrix.
  public var parameters: [String: JSONValue]
  /// Whether the others are compared with this one.
  public var baseline: Bool
  /// How many threads carry messages: producers, consumers, repliers.
  public var threads: Int?
  /// Which build measured it, where variants are builds; else the run's own did.
  public var tool: ToolInformation?
  /// The trials, in the order of their index.
  public var trials: [TrialResult]
  /// Per metric (`latency.p99`), what the trials together say.
  public var summary: [String: MetricSummary] = [:]
  /// What a search of its capacity found; the trials are then the longer ones that confirm it.
  public var capacity: CapacityResult?

  /// A variant with its trials.
  public init(
    id: String, slug: String, parameters: [String: JSONValue] = [:], baseline: Bool = false, threads: Int? = nil,
    trials: [TrialResult]
  ) {
    self.id = id
    self.slug = slug
    self.parameters = parameters
    self.baseline = baseline
    self.threads = threads
    self.trials = trials
  }

  enum CodingKeys: String, CodingKey {
    case id, slug
    case parameters = "params"
    case baseline, threads, tool, trials, summary, capacity
  }
}
