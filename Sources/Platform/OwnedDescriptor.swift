import CLinux
import Glibc
import Synchronization

/// A file descriptor that is closed with its owner, for control paths: pipes to children, shared memory, process handles.
///
/// Any thread may use it; whoever closes it makes sure that nobody else still does.
public final class OwnedDescriptor: Sendable {
  private let held: Atomic<Int32>

  /// Takes over an open descriptor, perhaps one that the parent process left at this number.
  public init(adopting number: Int32) { held = Atomic(number) }

  deinit { close() }

  /// Whether this number is an open descriptor. Before anything of this process has opened one, whether it was inherited.
  public static func isOpen(_ number: Int32) -> Bool { fcntl(number, F_GETFD) >= 0 }

  /// The descriptor's number, or -1 after `close()`.
  public var number: Int32 { held.load(ordering: .acquiring) }

  /// Closes the descriptor now; later calls do nothing.
  public func close() {
    let number = held.exchange(-1, ordering: .acquiringAndReleasing)
    if number >= 0 { _ = Glibc.close(number) }
  }

  /// A pipe whose ends are not inherited by children unless a `Launch` says so.
  /// - Throws: `SystemError` when the process has no descriptors left.
  public static func pipe() throws(SystemError) -> (reading: OwnedDescriptor, writing: OwnedDescriptor) {
    var ends: [Int32] = [-1, -1]
    let refused = unsafe clinux_pipe(&ends)
    guard refused == 0 else { throw SystemError("make a pipe", code: refused) }
    return (OwnedDescriptor(adopting: ends[0]), OwnedDescriptor(adopting: ends[1]))
  }

  /// The most bytes that a pipe holds without somebody reading, unless the administrator allows less.
  public static let pipeByteCountMax = 1 << 20

  /// The read end of a pipe that holds these bytes and then ends: something to read for a child, without a file.
  /// - Throws: `SystemError` when there are more bytes than a pipe holds.
  public static func pipe(holding bytes: [UInt8]) throws(SystemError) -> OwnedDescriptor {
    guard bytes.count <= pipeByteCountMax else { throw SystemError("pass \(bytes.count) bytes on", code: E2BIG) }
    let pipe = try pipe()
    try pipe.writing.makePipe(hold: bytes.count)
    try pipe.writing.write(bytes)
    return pipe.reading
  }

  /// Makes sure that this pipe takes so many bytes without a reader. A new one holds 64 KiB, but a page or two when its user has
  /// many; without this look a write that nobody reads would wait for ever.
  func makePipe(hold byteCount: Int) throws(SystemError) {
    // F_SETPIPE_SZ and F_GETPIPE_SZ, which only GNU's headers name.
    let (setSize, getSize) = (1031, 1032) as (Int32, Int32)
    guard fcntl(number, getSize) < byteCount else { return }
    guard fcntl(number, setSize, Int32(clamping: byteCount)) >= byteCount else {
      throw SystemError("pass \(byteCount) bytes through a pipe", code: errno)
    }
  }

  /// Reads everything until the end.
  public func readToEnd() throws(SystemError) -> [UInt8] {
    var all: [UInt8] = []
    while true {
      switch try read() {
      case .bytes(let bytes): all += bytes
      case .end: return all
      case .nothing: continue
      }
    }
  }

  /// Opens a file that children do not inherit by themselves; a new one gets the mode 0644.
  static func open(_ path: String, _ flags: Int32) throws(SystemError) -> OwnedDescriptor {
    let number = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw SystemError("open \(path)", code: errno) }
    return OwnedDescriptor(adopting: number)
  }

  /// Another number for the same open file, at least `minimum` and not inherited by children.
  static func duplicate(_ number: Int32, atLeast minimum: Int32) throws(SystemError) -> OwnedDescriptor {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, minimum)
    guard copy >= 0 else { throw SystemError("duplicate descriptor \(number)", code: errno) }
    return OwnedDescriptor(adopting: copy)
  }

  /// What a read found.
  public enum Input: Sendable, Equatable {
    /// At least one byte.
    case bytes([UInt8])
    /// The other side has closed and everything was read.
    case end
    /// The time was over, or a signal came before there was anything.
    case nothing
  }

  /// Reads what there is, waiting for the first byte until `deadline` (by `MonotonicClock`; nil waits as long as it takes).
  public func read(
    upTo byteCountLimit: Int = 65536, untilMonotonic deadline: Int64? = nil
  ) throws(SystemError) -> Input {
    guard try !Self.waitForInput([self], untilMonotonic: deadline).isEmpty else { return .nothing }
    var bytes = [UInt8](repeating: 0, count: byteCountLimit)
    let count = unsafe Glibc.read(number, &bytes, bytes.count)
    if count < 0 {
      if errno == EINTR || errno == EAGAIN { return .nothing }
      throw SystemError("read descriptor \(number)", code: errno)
    }
    bytes.removeLast(bytes.count - count)
    return count == 0 ? .end : .bytes(bytes)
  }

  /// Writes all of `bytes`. A pipe without a reader raises SIGPIPE, and throws where that is ignored.
  public func write(_ bytes: [UInt8]) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress! + done, $0.count - done) }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError("write to descriptor \(number)", code: errno)
      }
      done += count
    }
  }

  /// Waits until at least one of up to 64 descriptors has input or is at its end.
  /// - Parameter deadline: By `MonotonicClock`; nil waits as long as it takes.
  /// - Returns: the indices of those that are ready; none when the time was over or a signal came.
  public static func waitForInput(
    _ descriptors: [OwnedDescriptor], untilMonotonic deadline: Int64?
  ) throws(SystemError) -> [Int] {
    var ready = [UInt8](repeating: 0, count: descriptors.count)
    let remaining = deadline.map { max(0, $0 - MonotonicClock.now()) } ?? -1
    let found = unsafe clinux_wait_for_input(
      descriptors.map(\.number), &ready, Int32(descriptors.count), remaining)
    guard found >= 0 else { throw SystemError("wait for input", code: -found) }
    return ready.indices.filter { ready[$0] != 0 }
  }
}
