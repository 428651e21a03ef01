extension Scenario {
  /// What comparisons of the variants with the baseline decide.
  public struct Comparison: Sendable, Equatable {
    /// The figure that decides; nil leaves it to the engine.
    public var metric: String?
    /// The share by which a variant may be worse.
    public var maxRegression: Double
    /// How likely a false alarm may be, over all comparisons together.
    public var alpha: Double
  }
}
