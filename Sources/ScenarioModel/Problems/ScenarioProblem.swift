/// One thing that is wrong with a scenario, where, and what to write instead.
public struct ScenarioProblem: Error, Sendable, Equatable {
  /// What kind of mistake it is; stable, for tests and tools.
  public enum Code: String, Sendable, CaseIterable {
    /// No such file.
    case fileNotFound = "file_not_found"
    /// A directory where a file was expected.
    case fileIsDirectory = "file_is_directory"
    /// The file exists but cannot be read.
    case fileNotReadable = "file_not_readable"
    /// The file is not UTF-8 text.
    case fileNotUTF8 = "file_not_utf8"
    /// The file is larger than a scenario may be.
    case fileTooLarge = "file_too_large"
    /// Not YAML.
    case syntax
    /// The same key twice in one map.
    case duplicateKey = "duplicate_key"
    /// A key that does not exist.
    case unknownKey = "unknown_key"
    /// A key that the chosen pattern, phase or ring has no use for.
    case keyWithoutEffect = "key_without_effect"
    /// A key that must be given.
    case missingKey = "missing_key"
    /// A map, a list or a scalar where another of them was expected, or no value at all.
    case wrongShape = "wrong_shape"
    /// A value that is none of the allowed ones.
    case invalidValue = "invalid_value"
    /// A number without its unit.
    case missingUnit = "missing_unit"
    /// A unit of another kind, or one that does not exist.
    case wrongUnit = "wrong_unit"
    /// Too small or too large.
    case outOfRange = "out_of_range"
    /// A queue, an exchange or a routing key that nothing declares.
    case unknownReference = "unknown_reference"
    /// Two settings that cannot both hold.
    case conflict
    /// `${name}` that nothing defines, or that is not closed.
    case undefinedVariable = "undefined_variable"
    /// Files that extend each other, or variables that use each other, in a circle.
    case cycle
    /// An override that is not `path=value`, or whose path leads nowhere.
    case invalidOverride = "invalid_override"
    /// Understood, but not implemented in this version.
    case notSupportedYet = "not_supported_yet"
  }

  /// What kind of mistake it is.
  public var code: Code
  /// What is wrong, in a sentence without a full stop.
  public var message: String
  /// Where.
  public var position: SourcePosition
  /// What to write instead, if that can be said.
  public var suggestion: String?

  /// The file, or the override.
  public var file: String { position.file }
  /// From 1.
  public var line: Int { position.line }
  /// From 1, counted in Unicode scalars.
  public var column: Int { position.column }

  /// A problem at a place.
  public init(_ code: Code, _ message: String, at position: SourcePosition, suggestion: String? = nil) {
    self.code = code
    self.message = message
    self.position = position
    self.suggestion = suggestion
  }
}
