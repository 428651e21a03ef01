import Glibc

/// Keeps a directory for one run: an advisory lock on it, which ends with the process.
///
/// Ownership: immutable after the start.
final class DirectoryClaim: Sendable {
  private let descriptor: Int32

  /// Claims the directory at `path`; it must be empty, so that two runs never share one.
  init(_ path: String) throws(ResultWritingError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      // A file, or a device, is in the way.
      throw AtomicFile.failure(path, errno == ENOTDIR ? EEXIST : errno)
    }
    self.descriptor = descriptor
    // A file system without locks is as safe as it gets. The lock comes before the look.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw ResultWritingError(code: .exists, path: path, message: "another run writes there: choose another place")
    }
    guard Self.isEmpty(path) else {
      throw ResultWritingError(
        code: .exists, path: path, message: "holds files already: choose another place, or remove them")
    }
    guard unsafe access(path, W_OK | X_OK) == 0 else { throw AtomicFile.failure(path, errno) }
  }

  deinit { _ = close(descriptor) }

  private static func isEmpty(_ path: String) -> Bool {
    guard let stream = unsafe opendir(path) else { return false }
    defer { unsafe _ = closedir(stream) }
    while let entry = unsafe readdir(stream) {
      let first = unsafe entry.pointee.d_name
      let isDot = first.0 == 0x2E && (first.1 == 0 || first.1 == 0x2E && first.2 == 0)
      if !isDot { return false }
    }
    return true
  }
}
