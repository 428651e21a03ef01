/// Values in memory that nothing ever writes again, so that drawing one is a load and no more.
@safe @usableFromInline
final class ValueTable: @unchecked Sendable {
  // Unchecked, because: the memory is written in `init` and never again.
  @usableFromInline let start: UnsafeMutablePointer<Int64>
  @usableFromInline let count: Int

  init(_ values: [Int64]) {
    precondition(!values.isEmpty, "there are no values")
    count = values.count
    unsafe start = .allocate(capacity: values.count)
    for (index, value) in values.enumerated() { unsafe (start + index).initialize(to: value) }
  }

  deinit { unsafe start.deallocate() }

  /// The values for who keeps the table alive by other means.
  var view: View { unsafe View(start: UnsafePointer(start), count: count) }

  /// Where the values are, without a reference to be counted.
  @safe @frozen @usableFromInline
  struct View: @unchecked Sendable {
    // Unchecked, because: nothing writes to what it points to.
    @usableFromInline let start: UnsafePointer<Int64>
    @usableFromInline let count: Int

    @inlinable @inline(__always)
    subscript(index: Int) -> Int64 {
      assert(index >= 0 && index < count, "a value outside of the table")
      return unsafe start[index]
    }

    /// The values one after the other, and again from the first.
    @inlinable @inline(__always)
    func inTurn(_ number: UInt64) -> Int64 {
      self[Int(truncatingIfNeeded: number % UInt64(truncatingIfNeeded: count))]
    }

    /// Any of the values, equally likely.
    @inlinable @inline(__always)
    func any(_ bits: UInt64) -> Int64 {
      self[Int(truncatingIfNeeded: bits.multipliedFullWidth(by: UInt64(truncatingIfNeeded: count)).high)]
    }
  }

  /// All values.
  var all: [Int64] { (0..<count).map { unsafe start[$0] } }

  var mean: Double { (0..<count).reduce(0) { unsafe $0 + Double(start[$1]) / Double(count) } }
}

extension ValueTable: Equatable {
  @usableFromInline
  static func == (left: ValueTable, right: ValueTable) -> Bool {
    left.count == right.count && (0..<left.count).allSatisfy { unsafe left.start[$0] == right.start[$0] }
  }
}
