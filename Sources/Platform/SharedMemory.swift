import CLinux
import Glibc

/// Memory that several processes map: made by one, handed to others as a descriptor, gone with the last of them.
///
/// It has no name in any file system. Its size is sealed, so that nobody can shrink it under somebody else's feet.
/// Whoever holds pointers into it keeps this object.
@safe public final class SharedMemory: @unchecked Sendable {
  // Unchecked, because: the mapping does not change between `init` and `deinit`.
  /// What to pass to a child, in `ChildProcess.Launch.inherited`.
  public let descriptor: OwnedDescriptor
  /// The memory as this process sees it, at another address than elsewhere; zeroed when new, on a page boundary.
  public let bytes: UnsafeMutableRawBufferPointer

  /// Makes memory of at least `byteCount` bytes, rounded up to whole pages.
  /// - Parameter name: What `/proc/PID/maps` shows, up to 249 bytes.
  /// - Throws: `SystemError` when memory or descriptors are exhausted.
  public init(byteCount: Int, name: String = "ringside") throws(SystemError) {
    precondition(byteCount > 0, "asked for \(byteCount) bytes")
    let rounded = AlignedMemory.pageRounded(byteCount)
    let number = unsafe clinux_create_shared_memory(name, Int64(rounded))
    guard number >= 0 else { throw SystemError("make \(rounded) bytes of shared memory", code: -number) }
    descriptor = OwnedDescriptor(adopting: number)
    unsafe bytes = try Self.map(descriptor, byteCount: rounded)
  }

  /// Maps memory that another process made.
  /// - Parameter descriptor: For instance `OwnedDescriptor(adopting: 3)` in a child that inherited it there.
  /// - Throws: `SystemError`; `EPERM` when the memory's size is not sealed against shrinking.
  public init(attaching descriptor: OwnedDescriptor) throws(SystemError) {
    let byteCount = clinux_sealed_byte_count(descriptor.number)
    guard byteCount > 0 else {
      throw SystemError("use descriptor \(descriptor.number) as shared memory", code: Int32(clamping: -byteCount))
    }
    self.descriptor = descriptor
    unsafe bytes = try Self.map(descriptor, byteCount: Int(byteCount))
  }

  deinit { unsafe munmap(bytes.baseAddress, bytes.count) }

  /// Touches every page, so that the first use of none is measured: about 0.6 ms per MiB for whoever is first, half of that
  /// for each further process. What is there stays.
  public func prefault() {
    // Where the kernel cannot do it (before 5.14), the first uses are slower, and nothing else differs.
    unsafe clinux_prefault(bytes.baseAddress, bytes.count)
  }

  private static func map(
    _ descriptor: OwnedDescriptor, byteCount: Int
  ) throws(SystemError) -> UnsafeMutableRawBufferPointer {
    let address = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, 0)
    guard let address = unsafe address, unsafe address != UnsafeMutableRawPointer(bitPattern: -1) else {
      throw SystemError("map \(byteCount) bytes of shared memory", code: errno)
    }
    return unsafe UnsafeMutableRawBufferPointer(start: address, count: byteCount)
  }
}
