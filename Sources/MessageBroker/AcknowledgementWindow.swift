import Platform

/// A delivered message until it is settled.
@frozen @usableFromInline
struct WindowEntry: BitwiseCopyable {
  @usableFromInline var position: UInt64
  @usableFromInline var descriptor: MessageDescriptor

  /// Where `descriptor` lies.
  @inlinable
  static var descriptorOffset: Int { 8 }
}

/// The deliveries of one session that are not settled yet, by delivery tag: an array used as a ring. Tags are dense, so
/// finding a delivery is a subtraction and a mask.
///
/// Owned by the session's thread.
///
/// Invariants
/// - `first <= next`, `next - first <= capacity`. Tags in `first ..< next` have an entry; the entry of `first` is unsettled.
/// - Whenever nothing is outstanding, the array is used from its beginning again, so that a session with few outstanding
///   deliveries touches few cache lines.
@safe @frozen @usableFromInline
struct AcknowledgementWindow: ~Copyable {
  @usableFromInline let entries: UnsafeMutablePointer<WindowEntry>
  @usableFromInline let mask: UInt64
  /// The oldest tag that is not settled.
  @usableFromInline var first: UInt64 = 1
  /// The tag of the next delivery.
  @usableFromInline var next: UInt64 = 1
  /// The tag that entry 0 stands for.
  @usableFromInline var base: UInt64 = 1

  init(capacity: Int) {
    precondition(
      capacity > 0 && capacity & (capacity - 1) == 0, "the window's capacity is a power of two, got \(capacity)")
    unsafe entries = AlignedMemory.allocate(byteCount: capacity * MemoryLayout<WindowEntry>.stride)
      .bindMemory(to: WindowEntry.self, capacity: capacity)
    mask = UInt64(capacity - 1)
  }

  /// Frees the memory. Not a `deinit`: inlining one of a frozen type's field stops the compiler (Swift 6.3.1).
  func deallocate() { unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(entries)) }

  /// How many more deliveries fit.
  @inlinable @inline(__always)
  var room: Int { Int(truncatingIfNeeded: mask &+ 1 &- (next &- first)) }

  /// Starts at the beginning of the array again, if nothing is outstanding. Ends the validity of all views.
  @inlinable @inline(__always)
  mutating func restartIfEmpty() {
    if first == next { base = next }
  }

  /// The entry of a tag in `first ..< next`, or of a delivery of the current batch.
  @inlinable @inline(__always)
  func entry(_ tag: UInt64) -> UnsafeMutablePointer<WindowEntry> {
    unsafe entries + Int(truncatingIfNeeded: (tag &- base) & mask)
  }

  /// Appends a delivery; the caller has looked at `room`.
  @inlinable @inline(__always)
  mutating func append(
    _ descriptor: MessageDescriptor, position: UInt64, consumer: UInt16, marks: UInt64
  ) {
    let entry = unsafe entry(next)
    unsafe entry.pointee.position = position
    unsafe entry.pointee.descriptor = descriptor.held(by: consumer, marks: marks)
    next &+= 1
  }

  /// Whether the consumer owes an answer for this tag.
  @inlinable @inline(__always)
  func isOutstanding(_ tag: UInt64) -> Bool {
    guard tag >= first && tag < next else { return false }
    let settled = MessageDescriptor.isSettled | MessageDescriptor.isAutomatic
    return unsafe entry(tag).pointee.descriptor.marks & settled == 0
  }

  /// Marks a delivery as settled; `advance()` follows.
  @inlinable @inline(__always)
  func settle(_ tag: UInt64) { unsafe entry(tag).pointee.descriptor.marks |= MessageDescriptor.isSettled }

  /// Moves `first` over what is settled. O(1) per delivery in its lifetime.
  @inlinable @inline(__always)
  mutating func advance() {
    while first != next, unsafe entry(first).pointee.descriptor.has(MessageDescriptor.isSettled) { first &+= 1 }
  }
}
