extension Scenario {
  /// What comparisons with a baseline decide: a variant of the same run, an earlier run, or both.
  public struct Comparison: Sendable, Equatable {
    /// The figure that decides; nil leaves it to the engine.
    public var metric: String?
    /// The share by which a variant may be worse.
    public var maxRegression: Double
    /// How likely a false alarm may be, over all comparisons together.
    public var alpha: Double
    /// The name of the earlier run that every variant is compared with; nil for none.
    public var against: String?
    /// How many batches of trials must find a regression again before it counts.
    public var confirmationCount: Int

    /// What a scenario decides that says nothing; a test compares it with the table of keys.
    public init(
      metric: String? = nil, maxRegression: Double = 0.05, alpha: Double = 0.01, against: String? = nil,
      confirmationCount: Int = 1
    ) {
      self.metric = metric
      self.maxRegression = maxRegression
      self.alpha = alpha
      self.against = against
      self.confirmationCount = confirmationCount
    }
  }
}
