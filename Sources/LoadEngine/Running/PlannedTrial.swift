/// One execution of one variant, as the run's plan has it.
public struct PlannedTrial: Codable, Sendable, Equatable {
  /// Which variant, by its place in the run.
  public var variantIndex: Int
  /// Which trial of the variant, from 0.
  public var index: Int
  /// Its place in the order of execution of the whole run, from 0.
  public var order: Int
  /// Its seed.
  public var seed: UInt64
  /// Which confirmation of a regression it belongs to, from 1; nil for what is measured first.
  public var batch: Int?

  /// A trial in a plan.
  public init(variantIndex: Int, index: Int, order: Int, seed: UInt64) {
    self.variantIndex = variantIndex
    self.index = index
    self.order = order
    self.seed = seed
  }
}
