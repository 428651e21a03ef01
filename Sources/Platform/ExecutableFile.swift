import Glibc

/// A program on the disk, held open, so that what is started again and again stays the same also when the file is replaced meanwhile.
///
/// Immutable after its making, so that any thread may use it.
public final class ExecutableFile: Sendable {
  /// The path as it was given.
  public let path: String
  private let file: OwnedDescriptor

  /// Opens the program at `path`; no search path is consulted.
  /// - Throws: `SystemError` when it is missing, a directory, or may not be run.
  public init(_ path: String) throws(SystemError) {
    self.path = path
    file = try OwnedDescriptor.open(path, O_RDONLY)
    var status = stat()
    guard unsafe fstat(file.number, &status) == 0 else { throw SystemError("look at \(path)", code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError("run \(path)", code: EISDIR) }
    guard unsafe access(launchPath, X_OK) == 0 else { throw SystemError("run \(path)", code: errno) }
  }

  /// What to start it by, for this process and its children, while this object lives.
  public var launchPath: String { "/proc/\(getpid())/fd/\(file.number)" }
}
