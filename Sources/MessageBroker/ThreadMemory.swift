import Platform

/// Memory for what one thread owns: on lines of its own, so that two sessions that were opened by one thread and handed to
/// two others never write to the same cache line.
enum ThreadMemory {
  /// Zeroed, uninitialised room for `capacity` values; free it with `deallocate`.
  static func allocate<Value: ~Copyable>(_ type: Value.Type, capacity: Int) -> UnsafeMutablePointer<Value> {
    unsafe AlignedMemory.allocate(byteCount: capacity * MemoryLayout<Value>.stride)
      .bindMemory(to: Value.self, capacity: capacity)
  }

  /// Frees memory from `allocate`, whose values were deinitialised or are trivial.
  static func deallocate<Value: ~Copyable>(_ memory: UnsafeMutablePointer<Value>) {
    unsafe AlignedMemory.deallocate(UnsafeMutableRawPointer(memory))
  }
}
