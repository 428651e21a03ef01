import Glibc

/// Files that appear whole or not at all: written aside, flushed to the disk, then renamed.
enum AtomicFile {
  /// Makes `path` hold `bytes`, whatever it held before; on any failure `path` is as it was and nothing is left aside.
  ///
  /// - Parameter flushed: Whether to wait until the bytes are on the disk (5 ms for each file on a virtual one), so that
  ///   they survive a power failure.
  static func write(_ bytes: [UInt8], to path: String, flushed: Bool = true) throws(ResultWritingError) {
    let aside = asidePath(of: path)
    _ = unsafe unlink(aside)  // What a killed process may have left.
    let file = unsafe open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure(path, errno) }
    do throws(ResultWritingError) {
      try append(bytes, to: file, path: path)
      guard !flushed || fsync(file) == 0 else { throw failure(path, errno) }
    } catch {
      _ = close(file)
      _ = unsafe unlink(aside)
      throw error
    }
    // Some file systems report a full quota only now.
    guard close(file) == 0, unsafe rename(aside, path) == 0 else {
      let cause = errno
      _ = unsafe unlink(aside)
      throw failure(path, cause)
    }
  }

  /// Makes the names in the directory at `path` durable. Not every file system can: then they are as durable as it gets.
  static func flushDirectory(_ path: String) {
    let directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return }
    _ = fsync(directory)
    _ = close(directory)
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

  private static func asidePath(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return path.dropLast(name.count) + ".\(name).partial"
  }

  private static func append(_ bytes: [UInt8], to file: Int32, path: String) throws(ResultWritingError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes { buffer in
        unsafe Glibc.write(file, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path, count < 0 ? errno : EIO) }
      written += count
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
