import CZlib

/// A zlib compressor's state, used again for every message: the library allocates when it is made and never after.
@safe struct ZlibDeflater: ~Copyable {
  /// On the heap, because the library remembers where its stream lives.
  private let stream: UnsafeMutablePointer<z_stream>

  init(level: Int) throws(CompressionError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe deflateInit_(stream, Int32(level), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      unsafe stream.deallocate()
      throw .outOfMemory(.zlib)
    }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The most bytes that `count` bytes can become.
  func bound(of count: Int) -> Int { unsafe Int(deflateBound(stream, uLong(count))) }

  /// Writes the stream for `input` into `output`, which has room for the bound, and returns its length.
  func compress(
    _ input: BorrowedBytes, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    guard input.count <= Int(uInt.max) else { throw .inputTooLong(.zlib, count: input.count) }
    unsafe deflateReset(stream)
    let room = uInt(clamping: output.count)
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.start.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = uInt(input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = room
    guard unsafe deflate(stream, Z_FINISH) == Z_STREAM_END else { throw .inputTooLong(.zlib, count: input.count) }
    return unsafe Int(room - stream.pointee.avail_out)
  }
}

/// A zlib decompressor's state, used again for every message.
@safe struct ZlibInflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws(CompressionError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      unsafe stream.deallocate()
      throw .outOfMemory(.zlib)
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Begins with the stream at the start of `input`.
  func begin(_ input: BorrowedBytes) throws(CompressionError) {
    guard input.count <= Int(uInt.max) else { throw .inputTooLong(.zlib, count: input.count) }
    unsafe inflateReset(stream)
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.start.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = uInt(input.count)
  }

  /// Goes on writing content into `output`; what does not fit waits for the next call.
  /// - Returns: how much was written, and whether the stream is over.
  func next(into output: UnsafeMutableRawBufferPointer) throws(CompressionError) -> DecompressionStep {
    let room = uInt(clamping: output.count)
    // The library refuses a null pointer, even where it has nothing to write: any other will do then.
    unsafe stream.pointee.next_out =
      output.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? UnsafeMutablePointer(bitPattern: 1)
    unsafe stream.pointee.avail_out = room
    // `Z_FINISH` spares the library the copy of its window when the first call's room suffices.
    let status = unsafe inflate(stream, Z_FINISH)
    let written = unsafe Int(room - stream.pointee.avail_out)
    switch status {
    case Z_STREAM_END:
      let left = unsafe Int(stream.pointee.avail_in)
      guard left == 0 else { throw .trailingBytes(.zlib, count: left) }
      return .init(written: written, isLast: true)
    case Z_BUF_ERROR, Z_OK:
      guard written == room else { throw .truncated(.zlib) }
      return .init(written: written, isLast: false)
    case Z_MEM_ERROR: throw .outOfMemory(.zlib)
    default: throw .corrupted(.zlib)
    }
  }
}

/// What one call of a decompressor did.
struct DecompressionStep {
  let written: Int
  let isLast: Bool
}
