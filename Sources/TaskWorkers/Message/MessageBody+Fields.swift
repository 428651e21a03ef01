public import DriverInterface

extension MessageBody {
  /// A little-endian number of the body, aligned or not. The caller has checked that it lies within.
  @inlinable @inline(__always)
  func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
    assert(offset >= 0 && offset + MemoryLayout<Number>.size <= count, "a number outside of the body")
    return Number(littleEndian: unsafe start.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The identifier in 16 bytes of the body.
  @inlinable @inline(__always)
  func identifier(at offset: Int) -> TaskIdentifier {
    TaskIdentifier(
      high: number(at: offset, as: UInt64.self).byteSwapped, low: number(at: offset + 8, as: UInt64.self).byteSwapped)
  }

  /// A part of the body. The caller has checked that it lies within.
  @inlinable @inline(__always)
  func part(at offset: Int, count: Int) -> MessageBody {
    assert(offset >= 0 && count >= 0 && offset + count <= self.count, "a part outside of the body")
    return unsafe MessageBody(start: start + offset, count: count)
  }

  /// The body as text; what is not UTF-8 is repaired.
  var text: String { unsafe String(decoding: bytes, as: UTF8.self) }

  /// A copy of the bytes.
  var copy: [UInt8] { unsafe [UInt8](bytes) }
}
