/// Which build of ringside measured.
public struct ToolInformation: Codable, Sendable, Equatable {
  /// How the program was compiled.
  public struct Build: Codable, Sendable, Equatable {
    /// `release` or `debug`; figures of a debug build say nothing.
    public var configuration: String
    /// The compiler's version.
    public var swift: String
    /// Further compiler flags; empty when there are none.
    public var flags: String
    /// The allocator in use: `jemalloc 5.3.0` or `system`.
    public var allocator: String

    /// The allocator's name and version, without the revision that jemalloc has behind them.
    public var allocatorVersion: String { String(allocator.prefix { $0 != "-" }) }

    /// A description of the build.
    public init(configuration: String, swift: String, flags: String = "", allocator: String) {
      self.configuration = configuration
      self.swift = swift
      self.flags = flags
      self.allocator = allocator
    }
  }

  /// The program's name.
  public var name: String
  /// The program's version.
  public var version: String
  /// The revision it was built from; empty when unknown.
  public var gitSHA: String
  /// Whether the tree had uncommitted changes when it was built.
  public var dirty: Bool
  /// How it was compiled.
  public var build: Build

  /// A description of the program.
  public init(name: String = "ringside", version: String, gitSHA: String, dirty: Bool, build: Build) {
    self.name = name
    self.version = version
    self.gitSHA = gitSHA
    self.dirty = dirty
    self.build = build
  }

  enum CodingKeys: String, CodingKey {
    case name, version
    case gitSHA = "git_sha"
    case dirty, build
  }
}
