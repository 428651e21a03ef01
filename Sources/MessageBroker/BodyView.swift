/// The bytes of a message's body, in memory that belongs to someone else.
///
/// Of a delivery: valid until the delivery is acknowledged (automatic acknowledgement: until the session polls again).
/// For a publish: must stay valid during the call only; the broker copies.
@safe @frozen
public struct BodyView: Sendable {
  // A pointer into a pool block or a descriptor is handed to one thread at a time.
  @usableFromInline nonisolated(unsafe) let start: UnsafeRawPointer?
  /// How many bytes.
  public let count: Int

  /// A view of `bytes`, which must stay in place while the view is used.
  @unsafe @inlinable
  public init(_ bytes: UnsafeRawBufferPointer) {
    unsafe start = bytes.baseAddress
    count = bytes.count
  }

  @unsafe @inlinable
  init(start: UnsafeRawPointer?, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// No bytes.
  public static var empty: BodyView { @inlinable get { unsafe BodyView(start: nil, count: 0) } }

  /// The bytes themselves; do not keep the pointer beyond the view's validity.
  @unsafe @inlinable
  public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }

  /// The byte at `index`.
  @inlinable
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "byte \(index) of a body of \(count)")
    return unsafe start!.load(fromByteOffset: index, as: UInt8.self)
  }

  /// A copy, for those who need the bytes longer.
  public func copied() -> [UInt8] { unsafe [UInt8](bytes) }
}
