/// Memory that somebody else has made, with whoever keeps it: for what may lie in the memory of several processes.
@safe public struct BorrowedMemory: @unchecked Sendable {
  // Unchecked, because: a pointer is a number; what is done through it has its own rules.
  /// Where it begins. It is as long as the one who takes it says that it needs.
  public let start: UnsafeMutableRawPointer
  /// Held as long as the memory is used.
  public let owner: any AnyObject & Sendable
}

extension SharedMemory {
  /// The memory from an offset on.
  public func from(_ offset: Int) -> BorrowedMemory {
    precondition(unsafe offset >= 0 && offset < bytes.count, "offset \(offset) lies outside")
    guard let base = unsafe bytes.baseAddress else { preconditionFailure("mapped memory has an address") }
    return unsafe BorrowedMemory(start: base + offset, owner: self)
  }
}
