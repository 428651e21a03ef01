/// The names of a record's fields, in the order in which it writes them.
///
/// Make it once for each type, as a `static let`, and switch over the index that `ValueReader.nextField` gives.
@frozen
public struct FieldNames: ExpressibleByArrayLiteral, Sendable {
  /// The names in order.
  public let names: [StaticString]

  /// Creates the list.
  @inlinable
  public init(arrayLiteral names: StaticString...) { self.names = names }

  /// How many fields there are.
  @inlinable
  public var count: Int { names.count }

  /// The index of a name, or nil when it is none of these. Costs one comparison when it is that at `guess`, which is so for
  /// every field that is read in the order of writing.
  @inlinable @inline(__always)
  public func index(of name: BorrowedBytes, guess: Int) -> Int? {
    if guess < names.count && name.equals(names[guess]) { return guess }
    return search(name)
  }

  @usableFromInline @inline(never)
  func search(_ name: BorrowedBytes) -> Int? { names.firstIndex { name.equals($0) } }
}
