/// A place in a scenario file; lines and columns count from 1.
public struct SourceLocation: Codable, Sendable, Equatable {
  /// The file's path as the user gave it.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1.
  public var column: Int

  /// The place `file:line:column`.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}
