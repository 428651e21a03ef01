import Glibc
public import ResultModel

/// The directory of one run, `Results/<name>/<started>/`.
///
/// Created before anything is measured, so that an unwritable place is found out first; filled at the end. Every file
/// appears whole or not at all.
public struct ResultDirectory: Sendable {
  /// Where it is, as the user would write it.
  public let path: String
  /// Whether `create` made it; else it was there, and empty.
  private let wasMade: Bool
  /// Held as long as this value lives; nil for one that is only rendered into.
  private let claim: DirectoryClaim?

  /// The place that a pattern means: `{name}` is the scenario's name, `{started}` the start of the run.
  public static func path(pattern: String = "Results/{name}/{started}", name: String, started: WallClockTime) -> String
  {
    replacing("{started}", by: started.fileName, in: replacing("{name}", by: name, in: pattern))
  }

  /// Creates the directory and those above it, or takes one that is there and empty: two runs never share one.
  public static func create(_ path: String) throws(ResultWritingError) -> ResultDirectory {
    let wasMade = try ResultDirectory(path: path).ensure()
    return ResultDirectory(path: path, wasMade: wasMade, claim: try DirectoryClaim(path))
  }

  /// Removes the directory again, if `create` made it and nothing has been written into it.
  public func removeIfUnused() {
    if wasMade { _ = unsafe rmdir(path) }
  }

  /// Makes the directory when it is not there, be it for the first time or because somebody removed it.
  /// - Returns: Whether it had to be made.
  @discardableResult
  public func ensure() throws(ResultWritingError) -> Bool {
    do throws(ResultWritingError) {
      try AtomicFile.createDirectory(path)
      return true
    } catch  where error.code == .exists {
      return false
    }
  }

  /// A directory that is already there, to render a result again.
  public init(path: String) { self.init(path: path, wasMade: false, claim: nil) }

  private init(path: String, wasMade: Bool, claim: DirectoryClaim?) {
    self.path = path
    self.wasMade = wasMade
    self.claim = claim
  }

  /// Writes one file, whatever it held before.
  public func write(_ bytes: [UInt8], to name: String) throws(ResultWritingError) {
    try AtomicFile.write(bytes, to: "\(path)/\(name)")
  }

  private static func replacing(_ name: String, by value: String, in text: String) -> String {
    var result = ""
    var rest = text[...]
    while let found = firstRange(of: name, in: rest) {
      result += rest[..<found.lowerBound] + value
      rest = rest[found.upperBound...]
    }
    return result + rest
  }

  private static func firstRange(of name: String, in text: Substring) -> Range<String.Index>? {
    text.indices.first { text[$0...].hasPrefix(name) }.map { $0..<text.index($0, offsetBy: name.count) }
  }
}
