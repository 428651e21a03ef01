public import CLinux

/// CRC-32C (Castagnoli): the check of every message body.
///
/// On x86-64 it runs on the `crc32` instruction, three streams at a time, and on 64-bit ARM on its counterpart; on
/// other processors by table. The choice is made once, when the process starts.
public enum CRC32C {
  /// The checksum of `bytes`, continuing from `seed`: the checksum of the bytes before them, 0 when there are none.
  ///
  /// `checksum(a + b) == checksum(b, seed: checksum(a))`. Linear; never allocates.
  @inlinable @inline(__always)
  public static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    unsafe ringside_crc32c(seed, bytes.baseAddress, bytes.count)
  }

  /// The same by table lookups on any processor, for comparison.
  public static func checksumByTable(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    unsafe ringside_crc32c_table(seed, bytes.baseAddress, bytes.count)
  }

  /// How `checksum` works here: `sse4.2+pclmulqdq`, `armv8-crc` or `table`.
  public static var method: String { unsafe String(cString: ringside_crc32c_method()) }
}
