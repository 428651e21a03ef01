import CZstd

/// A Zstandard compressor's state, used again for every message.
@safe struct ZstdCompressor: ~Copyable {
  private let context: OpaquePointer
  private let level: Int32

  init(level: Int) throws(CompressionError) {
    guard let made = unsafe ZSTD_createCCtx() else { throw .outOfMemory(.zstd) }
    unsafe context = made
    self.level = Int32(level)
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  /// The most bytes that `count` bytes can become.
  func bound(of count: Int) -> Int { ZSTD_compressBound(count) }

  /// Writes the frame for `input` into `output`, which has room for the bound, and returns its length.
  func compress(
    _ input: BorrowedBytes, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    let count = unsafe ZSTD_compressCCtx(
      context, output.baseAddress, output.count, input.start, input.count, level)
    guard ZSTD_isError(count) == 0 else {
      throw ZSTD_getErrorCode(count) == ZSTD_error_memory_allocation
        ? .outOfMemory(.zstd) : .inputTooLong(.zstd, count: input.count)
    }
    return count
  }
}

/// A Zstandard decompressor's state, used again for every message.
@safe struct ZstdDecompressor: ~Copyable {
  private let context: OpaquePointer

  /// 8 MiB: what a reader must be ready to hold, says RFC 8878, and what `Compression.levels` stay below.
  static let windowLogMax: Int32 = 23
  /// A block takes three bytes at least and holds 128 KiB at most, so that no honest frame grows by more.
  static let expansionMax = 128 * 1024 / 3 + 1

  init() throws(CompressionError) {
    guard let made = unsafe ZSTD_createDCtx() else { throw .outOfMemory(.zstd) }
    unsafe context = made
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLogMax)
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  /// The length of the content as the frame says it, or nil when it does not say; the frame is all of `input`.
  func contentCount(of input: BorrowedBytes) throws(CompressionError) -> Int? {
    // The library would also take a skippable frame, which holds nothing.
    guard unsafe input.count < 4 || input.start.loadUnaligned(as: UInt32.self) == 0xFD2F_B528 else {
      throw .corrupted(.zstd)
    }
    let frame = unsafe ZSTD_findFrameCompressedSize(input.start, input.count)
    guard ZSTD_isError(frame) == 0 else { throw Self.error(frame) }
    guard frame == input.count else { throw .trailingBytes(.zstd, count: input.count - frame) }
    let content = unsafe ZSTD_getFrameContentSize(input.start, input.count)
    switch content {
    case .max: return nil  // ZSTD_CONTENTSIZE_UNKNOWN
    case .max - 1: throw .corrupted(.zstd)  // ZSTD_CONTENTSIZE_ERROR
    default:
      guard content / UInt64(Self.expansionMax) <= UInt64(input.count) else { throw .corrupted(.zstd) }
      return Int(content)
    }
  }

  /// Writes the content of a frame that said its length into `output`, which has that length.
  func decompress(
    _ input: BorrowedBytes, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    let count = unsafe ZSTD_decompressDCtx(
      context, output.baseAddress, output.count, input.start, input.count)
    guard ZSTD_isError(count) == 0 else { throw Self.error(count) }
    return count
  }

  /// Begins a frame that does not say its length.
  func begin() { unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only) }

  /// Goes on writing content into `output`, from where `input` was left at `position`.
  func next(
    _ input: BorrowedBytes, position: inout Int, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> DecompressionStep {
    var source = unsafe ZSTD_inBuffer(src: input.start, size: input.count, pos: position)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let hint = unsafe ZSTD_decompressStream(context, &target, &source)
    guard ZSTD_isError(hint) == 0 else { throw Self.error(hint) }
    unsafe position = source.pos
    let written = unsafe target.pos
    guard hint == 0 || written == output.count else { throw .truncated(.zstd) }
    return .init(written: written, isLast: hint == 0)
  }

  private static func error(_ result: Int) -> CompressionError {
    switch ZSTD_getErrorCode(result) {
    case ZSTD_error_memory_allocation: .outOfMemory(.zstd)
    case ZSTD_error_frameParameter_windowTooLarge: .windowTooLarge(.zstd, limit: 1 << Int(windowLogMax))
    case ZSTD_error_srcSize_wrong: .truncated(.zstd)
    default: .corrupted(.zstd)
    }
  }
}
