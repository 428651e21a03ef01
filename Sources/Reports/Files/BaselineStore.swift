import Glibc

/// Results that were put aside under a name, for later runs to be compared with: `<folder>/<name>.json`.
public struct BaselineStore: Sendable {
  /// Where they are.
  public let folder: String

  /// The store in `folder`, which need not be there yet.
  public init(folder: String = "Results/baselines") { self.folder = folder }

  /// Where the baseline of that name is or would be.
  public func path(of name: String) -> String { "\(folder)/\(name).json" }

  /// Whether a word can name a baseline: letters, digits, `.`, `_` and `-`, and no dot at its start.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.first != "."
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

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
      if name.hasSuffix(".json"), Self.isName(String(name.dropLast(5))) { names.append(String(name.dropLast(5))) }
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
