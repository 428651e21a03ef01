/// Why a file could not be read as text.
public enum ScenarioFileError: Error, Equatable, Sendable {
  /// No such file.
  case notFound
  /// A directory.
  case isDirectory
  /// It exists, but the system refuses to read it, for this reason.
  case notReadable(reason: String)
  /// Not UTF-8; the first bad byte is at this offset, in this line and column, both from 1.
  case notUTF8(byteOffset: Int, line: Int, column: Int)
  /// More than this many bytes.
  case tooLarge(limitByteCount: Int)

  /// The same as a kind of problem.
  public var code: ScenarioProblem.Code {
    switch self {
    case .notFound: .fileNotFound
    case .isDirectory: .fileIsDirectory
    case .notReadable: .fileNotReadable
    case .notUTF8: .fileNotUTF8
    case .tooLarge: .fileTooLarge
    }
  }

  /// A sentence about the file at `path`.
  public func message(for path: String) -> String {
    switch self {
    case .notFound: "there is no file `\(path)`"
    case .isDirectory: "`\(path)` is a directory, not a file"
    case .notReadable(let reason): "`\(path)` cannot be read: \(reason)"
    case .notUTF8(let offset, let line, let column):
      "`\(path)` is not UTF-8 text: byte \(offset), at \(line):\(column), fits no character"
    case .tooLarge(let limit): "`\(path)` is larger than \(limit >> 20) MiB, the most it may have"
    }
  }
}
