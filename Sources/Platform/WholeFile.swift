import Glibc

/// Files that are there whole or not at all: written aside, flushed to the disk, then renamed.
public enum WholeFile {
  /// The bytes of a file; nil when there is none.
  public static func read(_ path: String) throws(SystemError) -> [UInt8]? {
    let file: OwnedDescriptor
    do {
      file = try OwnedDescriptor.open(path, O_RDONLY)
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
    return try file.readToEnd()
  }

  /// Makes `path` hold `bytes`, whatever it held before; on any failure `path` is as it was and nothing is left aside.
  ///
  /// - Parameter flushed: Whether to wait until the bytes are on the disk (5 ms for each file on a virtual one), so that
  ///   they survive a power failure.
  public static func write(_ bytes: [UInt8], to path: String, flushed: Bool = true) throws(SystemError) {
    let aside = asidePath(of: path)
    _ = unsafe unlink(aside)  // What a killed process may have left.
    let file = unsafe open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure(path, errno) }
    do throws(SystemError) {
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
  public static func flushDirectory(_ path: String) {
    let directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return }
    _ = fsync(directory)
    _ = close(directory)
  }

  private static func asidePath(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return path.dropLast(name.count) + ".\(name).partial"
  }

  private static func append(_ bytes: [UInt8], to file: Int32, path: String) throws(SystemError) {
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

  private static func failure(_ path: String, _ cause: Int32) -> SystemError {
    SystemError("write \(path)", code: cause)
  }
}
