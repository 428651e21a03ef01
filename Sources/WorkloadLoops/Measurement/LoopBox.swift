/// Where a loop lives between phases: one `let` pointer to a value that owns its state, because a class's own `var`s cost
/// an exclusivity check per access.
@safe
public final class LoopBox<Loop: ~Copyable>: @unchecked Sendable {
  // Unchecked, because: only the worker's thread touches the loop, and phases are ordered by the engine's barriers.
  @usableFromInline let storage: UnsafeMutablePointer<Loop>

  /// Takes the loop over.
  public init(_ loop: consuming Loop) {
    unsafe storage = .allocate(capacity: 1)
    unsafe storage.initialize(to: loop)
  }

  deinit {
    unsafe storage.deinitialize(count: 1)
    unsafe storage.deallocate()
  }

  /// Lends the loop to `body`.
  @inlinable @inline(__always)
  public func withLoop(_ body: (inout Loop) -> Void) { unsafe body(&storage.pointee) }
}
