/// What a document may cost whoever reads it: the defence against a few hostile bytes that claim a huge value.
@frozen
public struct DecodingLimits: Sendable, Equatable {
  /// How many arrays, maps, records and tags may enclose a value; 128 by default.
  public var depth: Int
  /// How many bytes a string or byte string, and how many elements an array or map, may have; 64 Mi by default.
  public var length: Int
  /// How many bytes all strings, arrays and maps of the decoded value may take together; 256 MiB by default. What grows
  /// element by element may take twice that, since arrays double.
  public var allocation: Int

  /// Creates limits; each is at least 0.
  @inlinable
  public init(depth: Int = 128, length: Int = 64 << 20, allocation: Int = 256 << 20) {
    precondition(depth >= 0 && length >= 0 && allocation >= 0, "a limit is not negative")
    self.depth = depth
    self.length = length
    self.allocation = allocation
  }
}
