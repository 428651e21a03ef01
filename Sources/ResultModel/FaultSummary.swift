/// What was broken on purpose in a phase, and whether the verification saw it.
public struct FaultSummary: Codable, Sendable, Equatable {
  /// What was broken, by the word of the scenario file: `lose`, `pause`.
  public var kind: String
  /// How often.
  public var injected: Int
  /// How often it was to happen; absent for faults of messages, which are hit as they come. A fault of a worker does not happen when
  /// the phase is over before its time, when another one keeps the worker from it, or when a worker that was to be killed had no
  /// message to die with.
  public var planned: Int?
  /// How many of those the verification found, each by its own number; absent for faults of workers, which a subject
  /// must survive.
  public var detected: Int?
  /// The first few that it did not find, e.g. `producer.0 #123456`.
  public var undetected: [String]

  /// A summary.
  public init(
    kind: String, injected: Int, planned: Int? = nil, detected: Int? = nil, undetected: [String] = []
  ) {
    self.kind = kind
    self.injected = injected
    self.planned = planned
    self.detected = detected
    self.undetected = undetected
  }
}
