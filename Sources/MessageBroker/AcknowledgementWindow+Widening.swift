extension AcknowledgementWindow {
  /// Makes the array larger, with every outstanding delivery and every one from `batchStart` on at its new place. Returns the memory that
  /// it had: views of bodies may still point there.
  mutating func widen(to capacity: Int, keepingFrom batchStart: UInt64) -> UnsafeMutablePointer<WindowEntry> {
    let wider = unsafe Self.allocate(capacity: capacity)
    let widerMask = UInt64(capacity - 1)
    // A tag that nobody has takes along a copy of the delivery at its place, marked as settled, as it is here. Outstanding ones that had
    // different places have different ones again.
    for tag in min(first, batchStart)..<next {
      unsafe wider[Int((tag &- base) & widerMask)] = unsafe entry(tag).pointee
    }
    for tag in asideTags(through: .max) {
      unsafe wider[Int((tag &- base) & widerMask)] = unsafe entry(tag).pointee
    }
    let former = unsafe entries
    unsafe entries = unsafe wider
    mask = widerMask
    if let narrow = unsafe aside {
      let list = unsafe ThreadMemory.allocate(UInt64.self, capacity: capacity)
      unsafe list.update(from: narrow, count: asideCount)
      unsafe ThreadMemory.deallocate(narrow)
      unsafe aside = unsafe list
    }
    return unsafe former
  }
}

extension SessionCore {
  /// See `Session.widenWindow`.
  mutating func widenWindow(to count: Int) {
    guard count > window.capacity else { return }
    var capacity = window.capacity
    while capacity < count { capacity *= 2 }
    unsafe formerWindows.append(window.widen(to: capacity, keepingFrom: batchStart))
  }
}
