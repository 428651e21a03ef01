internal import CJemalloc
internal import Platform

/// Shows which allocator serves this process by asking for memory and looking who counted it.
///
/// Linking CJemalloc replaces malloc for the whole process. The reference to `mallctl` below is what keeps a linker
/// that drops unused libraries from undoing that.
struct AllocatorProof {
  /// Name and version of the allocator that is linked.
  let name: String
  /// How many bytes were asked for.
  let requestedByteCount = 1 << 20
  /// How many of them jemalloc counted for this thread; nil when it is not linked.
  let countedByteCount: UInt64?

  /// Whether jemalloc served the request, so that bytes per message can be counted.
  var holds: Bool { (countedByteCount ?? 0) >= UInt64(requestedByteCount) }

  init() {
    var version: UnsafePointer<CChar>?
    var size = unsafe MemoryLayout<UnsafePointer<CChar>?>.size
    let isLinked = unsafe mallctl("version", &version, &size, nil, 0) == 0
    if isLinked, let text = unsafe version {
      name = unsafe "jemalloc \(String(cString: text))"
    } else {
      name = "the system's malloc"
    }

    let before = AllocationCounters.currentThreadAllocatedByteCount()
    // Not malloc and free side by side: the optimiser removes a pair that nobody uses in between.
    let memory = unsafe AlignedMemory.allocate(byteCount: requestedByteCount)
    let after = AllocationCounters.currentThreadAllocatedByteCount()
    unsafe AlignedMemory.deallocate(memory)
    if let before, let after { countedByteCount = after &- before } else { countedByteCount = nil }
  }
}
