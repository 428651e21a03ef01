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

/// The deliveries of one session that are not settled yet, by delivery tag: an array used as a ring. Finding a delivery is a
/// subtraction and a mask.
///
/// The ring comes round to a delivery that is still outstanding when its consumer keeps it for long: then it is set aside. It keeps
/// its place, where its consumer may be reading the body; the others go round it. So as many deliveries fit as there are places,
/// whatever the age of the oldest, and none of this costs a session that settles in good time more than a comparison.
///
/// Owned by the session's thread.
///
/// Invariants
/// - `first <= next`, `next - first <= capacity`. The entry of `first` is not settled.
/// - A tag in `first ..< next` has an entry, or its place is that of a delivery that was set aside before: then nobody has the tag, and
///   it counts as settled.
/// - The tags in `aside` rise and are less than `first`. They are outstanding, although their entries are marked as settled: so the ring
///   passes over them. No two outstanding deliveries have the same place.
/// - Whenever nothing is outstanding, the array is used from its beginning again, so that a session with few outstanding
///   deliveries touches few cache lines.
@safe @frozen @usableFromInline
struct AcknowledgementWindow: ~Copyable {
  @usableFromInline var entries: UnsafeMutablePointer<WindowEntry>
  @usableFromInline var mask: UInt64
  /// The oldest tag that is neither settled nor set aside.
  @usableFromInline var first: UInt64 = 1
  /// The tag of the next delivery.
  @usableFromInline var next: UInt64 = 1
  /// The tag that entry 0 stands for.
  @usableFromInline var base: UInt64 = 1
  /// The tags that are set aside, the oldest first: room for as many as there are places, made when the first one is.
  @usableFromInline var aside: UnsafeMutablePointer<UInt64>?
  @usableFromInline var asideCount = 0

  init(capacity: Int) {
    unsafe entries = Self.allocate(capacity: capacity)
    mask = UInt64(capacity - 1)
    unsafe aside = nil
  }

  static func allocate(capacity: Int) -> UnsafeMutablePointer<WindowEntry> {
    precondition(
      capacity > 0 && capacity & (capacity - 1) == 0, "the window's capacity is a power of two, got \(capacity)")
    return unsafe ThreadMemory.allocate(WindowEntry.self, capacity: capacity)
  }

  /// Frees the memory. Not a `deinit`: inlining one of a frozen type's field stops the compiler (Swift 6.3.1).
  func deallocate() {
    unsafe ThreadMemory.deallocate(entries)
    if let aside = unsafe aside { unsafe ThreadMemory.deallocate(aside) }
  }

  /// How many deliveries may be outstanding.
  var capacity: Int { Int(mask) + 1 }

  /// How many more deliveries fit as long as none is set aside; see `room(upTo:)`.
  @inlinable @inline(__always)
  var room: Int { Int(truncatingIfNeeded: mask &+ 1 &- (next &- first)) }

  /// Starts at the beginning of the array again, if nothing is outstanding. Ends the validity of all views.
  @inlinable @inline(__always)
  mutating func restartIfEmpty() {
    if first == next && asideCount == 0 { base = next }
  }

  /// The entry of an outstanding tag, or of a delivery of the current batch.
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

  /// Whether the consumer owes an answer for this tag, which is not set aside.
  @inlinable @inline(__always)
  func isOutstandingInRing(_ tag: UInt64) -> Bool {
    guard tag >= first && tag < next else { return false }
    let settled = MessageDescriptor.isSettled | MessageDescriptor.isAutomatic
    return unsafe entry(tag).pointee.descriptor.marks & settled == 0
  }

  /// Marks a delivery as settled; `advance()` follows, or `forgetAside` if it is set aside.
  @inlinable @inline(__always)
  func mark(settled tag: UInt64) { unsafe entry(tag).pointee.descriptor.marks |= MessageDescriptor.isSettled }

  /// Moves `first` over what is settled. O(1) per delivery in its lifetime.
  @inlinable @inline(__always)
  mutating func advance() {
    while first != next, unsafe entry(first).pointee.descriptor.has(MessageDescriptor.isSettled) { first &+= 1 }
  }
}
