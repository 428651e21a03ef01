import Glibc

/// Small text files of the kernel, under `/proc` and `/sys`.
public enum SystemFile {
  /// The file's text, at most 64 KiB of it, without trailing white space; nil when it cannot be read.
  public static func text(_ path: String) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 65536 {
      let count = unsafe read(file, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    while let last = bytes.last, last == 10 || last == 32 || last == 0 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
