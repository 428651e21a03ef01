/// How far a reader is in one array, map or record. It lives with whoever reads that container, so that nesting costs a reader
/// no memory.
@frozen
public struct ContainerCursor {
  /// How many elements or entries are left, or -1 when the document says so only at the end.
  public var remaining: Int
  /// Whether nothing of the container was read yet.
  public var isFirst = true
  /// The index of the field to expect next.
  public var nextField = 0

  /// A container of `count` elements or entries; -1 when that is not known.
  @inlinable @inline(__always)
  public init(count: Int) { remaining = count }

  /// How many elements or entries are left, if the document says so.
  @inlinable @inline(__always)
  public var knownCount: Int? { remaining >= 0 ? remaining : nil }
}
