internal import Glibc
internal import ResultModel

/// Standard output, which carries data only, and standard error, which carries everything said to a person.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  /// Whether a person is looking: the stream is a terminal.
  var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all of `text`.
  /// - Throws: `CommandFailure` with `inputOutputError` when the stream takes no more, e.g. on a full disk.
  func write(_ text: String) throws {
    var text = text
    let errorNumber = text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = unsafe Glibc.write(rawValue, bytes.baseAddress! + written, bytes.count - written)
        if count < 0 && errno != EINTR { return errno }
        written += max(0, count)
      }
      return 0
    }
    guard errorNumber == 0 else {
      throw CommandFailure(
        .inputOutputError,
        "cannot write to standard \(self == .output ? "output" : "error"): \(systemError(errorNumber))")
    }
  }

  /// Writes a line to a person. Nobody can be told when that fails, so it is not reported.
  static func say(_ line: String) {
    try? StandardStream.error.write(line + "\n")
  }
}

/// What the system says about an error number, in lower case as the middle of a sentence.
func systemError(_ number: Int32) -> String {
  let text = unsafe String(cString: strerror(number))
  return text.prefix(1).lowercased() + text.dropFirst()
}
