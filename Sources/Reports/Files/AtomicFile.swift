import Glibc
import Platform

/// Files of results, whole or not at all, with failures told to somebody who wanted results there.
enum AtomicFile {
  /// Makes `path` hold `bytes`, whatever it held before; on any failure `path` is as it was and nothing is left aside.
  ///
  /// - Parameter flushed: Whether to wait until the bytes are on the disk (5 ms for each file on a virtual one), so that
  ///   they survive a power failure.
  static func write(_ bytes: [UInt8], to path: String, flushed: Bool = true) throws(ResultWritingError) {
    do throws(SystemError) {
      try WholeFile.write(bytes, to: path, flushed: flushed)
    } catch {
      throw failure(path, error.code)
    }
  }

  /// Creates the directory at `path` and those above it; the last one must not be there yet.
  static func createDirectory(_ path: String) throws(ResultWritingError) {
    var parent = path.hasPrefix("/") ? "/" : ""
    let names = path.split(separator: "/")
    // Without a name nothing would be made, and files would land in the root directory.
    guard !names.isEmpty else { throw failure(path, path.isEmpty ? ENOENT : EEXIST) }
    for (index, name) in names.enumerated() {
      parent += (parent.isEmpty || parent == "/" ? "" : "/") + name
      guard unsafe mkdir(parent, 0o755) != 0 else { continue }
      let cause = errno
      let isLast = index == names.count - 1
      if cause == EEXIST, !isLast { continue }  // A file in the way shows at the next step.
      throw failure(parent, cause)
    }
  }

  /// What `errno` means to somebody who wanted results there.
  static func failure(_ path: String, _ cause: Int32) -> ResultWritingError {
    switch cause {
    case EEXIST:
      ResultWritingError(code: .exists, path: path, message: "exists already: choose another place or remove it")
    case ENOSPC, EDQUOT, EFBIG:
      ResultWritingError(code: .full, path: path, message: "the disk is full: free some room or choose another place")
    case EACCES, EPERM, EROFS:
      ResultWritingError(code: .unwritable, path: path, message: "may not be written: choose another place")
    case ENOTDIR:
      ResultWritingError(code: .unwritable, path: path, message: "a file is where a directory should be")
    case ENOENT, ENAMETOOLONG, ELOOP, EISDIR:
      ResultWritingError(code: .unwritable, path: path, message: "cannot be created (\(text(cause)))")
    default:
      ResultWritingError(code: .inputOutput, path: path, message: "cannot be written (\(text(cause)))")
    }
  }

  private static func text(_ cause: Int32) -> String {
    unsafe String(cString: strerror(cause))
  }
}
