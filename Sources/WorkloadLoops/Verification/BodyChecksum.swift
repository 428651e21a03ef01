public import Checksums
public import DriverInterface

/// The checksum of a stamped body: everything behind the first word; the length in it is compared as it is.
@usableFromInline
enum BodyChecksum {
  @inlinable @inline(__always)
  static func compute(_ body: MessageBody) -> UInt32 {
    unsafe CRC32C.checksum(UnsafeRawBufferPointer(start: body.start + 8, count: body.count - 8))
  }
}
