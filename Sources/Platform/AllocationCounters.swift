import CLinux

/// What the allocator counts, when it is jemalloc; the executable and the tests link it, a library user may not.
public enum AllocationCounters {
  /// The allocator in use: `jemalloc 5.3.0-…` or `system malloc`.
  public static var allocatorName: String {
    guard let version = unsafe clinux_jemalloc_version() else { return "system malloc" }
    return unsafe "jemalloc \(String(cString: version))"
  }

  /// Whether per-thread byte counters are available.
  public static var areAvailable: Bool { unsafe clinux_jemalloc_version() != nil }

  /// Bytes that the calling thread has allocated since it started, or nil without jemalloc. Costs one table look-up.
  public static func currentThreadAllocatedByteCount() -> UInt64? {
    guard let counter = unsafe clinux_jemalloc_thread_allocated() else { return nil }
    return unsafe counter.pointee
  }
}
