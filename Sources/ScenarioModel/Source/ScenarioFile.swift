import Glibc

/// Reads scenario files from disk.
public enum ScenarioFile {
  /// The whole file at `path` as text, at most `ScenarioLoader.fileByteCountLimit` bytes of it.
  public static func read(_ path: String) throws(ScenarioFileError) -> String {
    try read(path, byteCountLimit: ScenarioLoader.fileByteCountLimit)
  }

  /// The same for a file with data, at most `ScenarioLoader.dataByteCountLimit` bytes of it.
  public static func readData(_ path: String) throws(ScenarioFileError) -> String {
    try read(path, byteCountLimit: ScenarioLoader.dataByteCountLimit)
  }

  private static func read(_ path: String, byteCountLimit: Int) throws(ScenarioFileError) -> String {
    // Non-blocking, so that a named pipe cannot hang the check; it reads as empty or fails.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw failure(errno)
      }
      bytes += buffer[..<count]
      if bytes.count > byteCountLimit { throw .tooLarge(limitByteCount: byteCountLimit) }
    }
    return try text(of: bytes)
  }

  /// `bytes` as UTF-8.
  static func text(of bytes: [UInt8]) throws(ScenarioFileError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    var sound = String.UnicodeScalarView()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      offset += UTF8.width(scalar)
      sound.append(scalar)
    }
    let lines = SourceText.lines(of: String(sound))
    throw .notUTF8(byteOffset: offset, line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  private static func failure(_ code: Int32) -> ScenarioFileError {
    switch code {
    case ENOENT, ENOTDIR: .notFound
    case EISDIR: .isDirectory
    default: .notReadable(reason: unsafe String(cString: strerror(code)))
    }
  }
}
