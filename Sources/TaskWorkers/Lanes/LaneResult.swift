public import DriverInterface
import Platform

/// The bytes that a handler gives back: appended to, and used again for the next record without giving memory back.
@safe @frozen
public struct LaneResult: ~Copyable {
  @usableFromInline var start: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  /// How many bytes a result may have.
  public let byteLimit: Int
  /// How many bytes there are.
  public private(set) var count = 0
  /// Whether something was appended beyond the limit. Nothing is kept of it.
  public private(set) var isTooLarge = false

  /// An empty result of at most `byteLimit` bytes.
  public init(byteLimit: Int) {
    self.byteLimit = byteLimit
    capacity = min(max(byteLimit, 1), 1024)
    unsafe start = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { unsafe start.deallocate() }

  /// Appends a copy of the bytes; amortised O(count).
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= byteLimit - count else {
      isTooLarge = true
      return
    }
    if bytes.count > capacity - count { grow(to: count + bytes.count) }
    guard let source = bytes.baseAddress else { return }
    unsafe (start + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Appends a copy of the bytes.
  public mutating func append(_ body: MessageBody) { unsafe append(body.bytes) }

  /// Everything that was appended, until the next change.
  public var body: MessageBody { unsafe MessageBody(start: start, count: count) }

  /// Makes the result empty; its memory stays.
  public mutating func removeAll() {
    count = 0
    isTooLarge = false
  }

  private mutating func grow(to byteCount: Int) {
    let larger = min(byteLimit, max(byteCount, 2 * capacity))
    let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe fresh.copyMemory(from: start, byteCount: count)
    unsafe start.deallocate()
    unsafe start = fresh
    capacity = larger
  }
}
