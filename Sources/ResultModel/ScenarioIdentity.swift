/// Which scenario was run, so that it can be run again and told from others.
public struct ScenarioIdentity: Codable, Sendable, Equatable {
  /// The scenario's name.
  public var name: String
  /// Its file, as the user gave it.
  public var path: String
  /// SHA-256 of the resolved model in lower-case hexadecimal: a comment changes nothing.
  public var resolvedSHA256: String
  /// The seed that all randomness derives from.
  public var seed: UInt64
  /// The pattern of the workload, e.g. `work_queue`.
  public var pattern: String?
  /// The scenario with every default filled in.
  public var resolved: JSONValue
  /// What the command line changed in the file, as `path=value`; absent when nothing.
  public var overrides: [String]?
  /// The environment variables that the file's `${…}` took, with their values; absent when it took none.
  public var variables: [String: String]?

  /// An identity of a scenario.
  public init(
    name: String, path: String, resolvedSHA256: String, seed: UInt64, pattern: String? = nil,
    resolved: JSONValue = .object([:])
  ) {
    self.name = name
    self.path = path
    self.resolvedSHA256 = resolvedSHA256
    self.seed = seed
    self.pattern = pattern
    self.resolved = resolved
  }

  enum CodingKeys: String, CodingKey {
    case name, path
    case resolvedSHA256 = "resolved_sha256"
    case seed, pattern, resolved, overrides, variables
  }
}
