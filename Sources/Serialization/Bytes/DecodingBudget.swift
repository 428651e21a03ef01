/// What is left of a document's limits while it is read.
@frozen @usableFromInline
struct DecodingBudget: Sendable {
  /// The limits it started with.
  @usableFromInline let limits: DecodingLimits
  /// How many containers the present place is in.
  @usableFromInline var depth = 0
  /// How many bytes the decoded value may still take.
  @usableFromInline var allocationLeft: Int

  /// Starts with everything that the limits allow.
  @inlinable
  init(_ limits: DecodingLimits) {
    self.limits = limits
    allocationLeft = limits.allocation
  }

  /// Takes `byteCount` bytes of memory from the budget.
  /// - Returns: false when there are not so many left.
  @inlinable @inline(__always)
  mutating func charge(_ byteCount: Int) -> Bool {
    guard byteCount <= allocationLeft else { return false }
    allocationLeft &-= byteCount
    return true
  }

  /// Goes one level deeper.
  /// - Returns: false when that is too deep.
  @inlinable @inline(__always)
  mutating func enter() -> Bool {
    guard depth < limits.depth else { return false }
    depth &+= 1
    return true
  }

  /// Comes back up one level.
  @inlinable @inline(__always)
  mutating func leave() { depth &-= 1 }
}
