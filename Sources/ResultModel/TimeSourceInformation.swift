/// The time source of a run. Figures near its cost or its quantum are to be read with care.
public struct TimeSourceInformation: Codable, Sendable, Equatable {
  /// Its name, e.g. `cycle counter` or `CLOCK_MONOTONIC`.
  public var name: String?
  /// The step that it makes most often between two readings, in nanoseconds.
  public var quantumNanoseconds: Double
  /// What one reading costs, in nanoseconds.
  public var readCostNanoseconds: Double

  /// A time source of that step and that cost.
  public init(name: String?, quantumNanoseconds: Double, readCostNanoseconds: Double) {
    self.name = name
    self.quantumNanoseconds = quantumNanoseconds
    self.readCostNanoseconds = readCostNanoseconds
  }

  enum CodingKeys: String, CodingKey {
    case name
    case quantumNanoseconds = "quantum_ns"
    case readCostNanoseconds = "read_cost_ns"
  }
}
