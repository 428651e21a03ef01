/// A place in a scenario file, or in an override given on the command line.
public struct SourcePosition: Sendable, Hashable, Comparable {
  /// Path of the file as it was opened, or the whole override, e.g. `--set load.constant=5`.
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, counted in Unicode scalars.
  public var column: Int

  /// A place.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// By file name, then line, then column.
  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}
