import CLZ4

/// An LZ4 compressor's state, used again for every message.
@safe struct LZ4Compressor: ~Copyable {
  private let state: UnsafeMutableRawPointer
  private let acceleration: Int32

  init(acceleration: Int) {
    unsafe state = .allocate(byteCount: Int(LZ4_sizeofState()), alignment: 16)
    self.acceleration = Int32(acceleration)
  }

  deinit { unsafe state.deallocate() }

  /// The most bytes that `count` bytes can become, their length in front included.
  func bound(of count: Int) -> Int { LZ4Block.lengthByteCount + Int(LZ4_compressBound(Int32(clamping: count))) }

  /// Writes length and block for `input` into `output`, which has room for the bound, and returns their length.
  func compress(
    _ input: BorrowedBytes, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    guard input.count <= LZ4Block.contentCountMax else { throw .inputTooLong(.lz4, count: input.count) }
    unsafe output.storeBytes(of: UInt32(input.count).littleEndian, as: UInt32.self)
    let block = unsafe UnsafeMutableRawBufferPointer(rebasing: output[LZ4Block.lengthByteCount...])
    let count = unsafe LZ4_compress_fast_extState(
      state, input.start.assumingMemoryBound(to: CChar.self), block.baseAddress?.assumingMemoryBound(to: CChar.self),
      Int32(input.count), Int32(clamping: block.count), acceleration)
    guard count > 0 else { throw .inputTooLong(.lz4, count: input.count) }
    return LZ4Block.lengthByteCount + Int(count)
  }
}

/// The block of LZ4 behind its length; reading one needs no state.
enum LZ4Block {
  static let lengthByteCount = 4
  /// LZ4_MAX_INPUT_SIZE, a macro with a cast.
  static let contentCountMax = 0x7E00_0000
  /// A further byte of a match's length stands for 255 bytes, so that no honest block grows by more.
  static let expansionMax = 255

  /// The length of the content, as the bytes say it.
  static func contentCount(of input: BorrowedBytes) throws(CompressionError) -> Int {
    guard input.count > lengthByteCount else { throw .truncated(.lz4) }
    let content = unsafe Int(UInt32(littleEndian: input.start.loadUnaligned(as: UInt32.self)))
    guard content <= min(contentCountMax, expansionMax * (input.count - lengthByteCount)) else {
      throw .corrupted(.lz4)
    }
    return content
  }

  /// Writes the content into `output`, which has its length.
  static func decompress(
    _ input: BorrowedBytes, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    let blockCount = input.count - lengthByteCount
    guard blockCount <= Int(Int32.max) else { throw .inputTooLong(.lz4, count: input.count) }
    let count = unsafe LZ4_decompress_safe(
      (input.start + lengthByteCount).assumingMemoryBound(to: CChar.self),
      output.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(blockCount), Int32(output.count))
    guard count == output.count else { throw .corrupted(.lz4) }
    return Int(count)
  }
}
