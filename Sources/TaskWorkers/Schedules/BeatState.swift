/// What a `Beat` must remember over a restart.
public struct BeatState: Equatable, Sendable {
  /// What is known of one entry.
  public struct Progress: Equatable, Sendable {
    /// The meaning of its schedule. An entry with another one is as good as new.
    public var schedule: String
    /// When it was first seen.
    public var origin: Int64
    /// Up to here every moment had its turn.
    public var settled: Int64
    /// When it last fired, the moment that was meant; nil for never.
    public var lastMoment: Int64?
    /// How often it fired.
    public var firingCount: UInt64
  }

  /// By the entry's name.
  public internal(set) var progress: [String: Progress] = [:]

  /// Nothing to remember: as before the first start.
  public init() {}
}

/// Bytes that are no `BeatState`.
public struct BeatStateError: Error, Equatable, CustomStringConvertible {
  /// What is wrong with them.
  public let description: String
}
