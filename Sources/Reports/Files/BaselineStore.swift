import Glibc
import ScenarioModel

/// Results that were put aside under a name, for later runs to be compared with: `<folder>/<name>.json`.
public struct BaselineStore: Sendable {
  /// Where they are.
  public let folder: String

  /// The store in `folder`, which need not be there yet.
  public init(folder: String = "Results/baselines") { self.folder = folder }

  /// Where the baseline of that name is or would be.
  public func path(of name: String) -> String { "\(folder)/\(name).json" }

  /// Puts the bytes of a `result.json` aside, in place of what had that name.
  public func save(_ bytes: [UInt8], as name: String) throws(ResultWritingError) {
    do throws(ResultWritingError) {
      try AtomicFile.createDirectory(folder)
    } catch  where error.code == .exists {}
    try AtomicFile.write(bytes, to: path(of: name))
  }

  /// The names of all baselines, in order.
  public func names() -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".json"), BaselineName.isValid(String(name.dropLast(5))) {
        names.append(String(name.dropLast(5)))
      }
    }
    return names.sorted()
  }

  /// Forgets a baseline.
  /// - Returns: false when there was none of that name.
  public func remove(_ name: String) throws(ResultWritingError) -> Bool {
    if unsafe unlink(path(of: name)) == 0 { return true }
    let cause = errno
    if cause == ENOENT { return false }
    throw AtomicFile.failure(path(of: name), cause)
  }
}
