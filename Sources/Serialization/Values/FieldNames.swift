/// The names of a record's fields, in the order in which it writes them.
///
/// Make it once for each type, as a `static let`, and switch over the index that `ValueReader.nextField` gives.
@frozen
public struct FieldNames: ExpressibleByArrayLiteral, @unchecked Sendable {
  // Unchecked, because: the views are of literals, which nobody ever changes.
  /// The names in order.
  public let names: [StaticString]

  /// The same as bytes, ready to be compared.
  @usableFromInline let views: [BorrowedBytes]

  /// Creates the list.
  public init(arrayLiteral names: StaticString...) {
    self.names = names
    views = names.map { BorrowedBytes($0) }
  }

  /// How many fields there are.
  @inlinable
  public var count: Int { names.count }

  /// The name at an index, nil when there are not so many: what a reader expects next if a document has its fields in order.
  @inlinable @inline(__always)
  func view(at index: Int) -> BorrowedBytes? { index < views.count ? views[index] : nil }

  /// The index of a name, or nil when it is none of these.
  func index(of name: BorrowedBytes) -> Int? { views.firstIndex { name.equals($0) } }
}
