/// The fit of throughput over the number of workers to the universal scalability law.
public struct ScalingResult: Codable, Sendable, Equatable {
  /// One number of workers that was tried.
  public struct Point: Codable, Sendable, Equatable {
    /// How many workers.
    public var n: Int
    /// Their throughput.
    public var ratePerSecond: Double

    /// So many workers and their throughput.
    public init(n: Int, ratePerSecond: Double) {
      self.n = n
      self.ratePerSecond = ratePerSecond
    }

    enum CodingKeys: String, CodingKey {
      case n
      case ratePerSecond = "rate_per_s"
    }
  }

  /// The rate of one worker.
  public var lambda: Double
  /// The share that is contention.
  public var sigma: Double
  /// The share that is coherence.
  public var kappa: Double
  /// The number of workers with the highest throughput; absent when it only rises.
  public var nMax: Double?
  /// What was measured.
  public var points: [Point]

  /// A fit through those points.
  public init(lambda: Double, sigma: Double, kappa: Double, nMax: Double?, points: [Point]) {
    self.lambda = lambda
    self.sigma = sigma
    self.kappa = kappa
    self.nMax = nMax
    self.points = points
  }

  enum CodingKeys: String, CodingKey {
    case lambda, sigma, kappa
    case nMax = "n_max"
    case points
  }
}
