/// Free blocks of one owner that wait behind a lock, outside its stacks and return rings: a list for each size class.
struct PayloadSpill: Sendable {
  private var lists = [[UInt32]](repeating: [], count: PayloadSizeClass.count)
  private var count = 0
  /// How many blocks, and units of them, were added since `PayloadPool.trim` last looked.
  private var addedCount = 0
  private var addedUnitCount = 0

  var isEmpty: Bool { count == 0 }

  mutating func add(_ handles: [UInt32]) {
    putBack(handles)
    addedCount += handles.count
    for handle in handles { addedUnitCount += PayloadSizeClass.unitCount(of: Int(handle & 31)) }
  }

  /// Takes up to `limit` blocks of one class, those that came last.
  ///
  /// The list itself or a copy of its own, never one that shares its memory with the list: ThreadSanitizer does not see that
  /// the last reference decides whose it is.
  mutating func take(upTo limit: Int, sizeClass: Int) -> [UInt32] {
    var taken: [UInt32] = []
    if lists[sizeClass].count <= limit {
      swap(&taken, &lists[sizeClass])
    } else {
      taken.reserveCapacity(limit)
      for _ in 0..<limit { taken.append(lists[sizeClass].removeLast()) }
    }
    count -= taken.count
    return taken
  }

  /// Takes all blocks to look at them together, if more than 1024 or more than 4 MiB of them have come since the last time: small
  /// ones by the batch, and large ones for their pages.
  mutating func takeToExamine() -> [[UInt32]] {
    guard addedCount > 1024 || addedUnitCount > (4 << 20) >> PayloadSizeClass.unitShift else { return [] }
    addedCount = 0
    addedUnitCount = 0
    defer {
      lists = [[UInt32]](repeating: [], count: PayloadSizeClass.count)
      count = 0
    }
    return lists
  }

  /// Puts back what was looked at.
  mutating func putBack(_ handles: [UInt32]) {
    for handle in handles { lists[Int(handle & 31)].append(handle) }
    count += handles.count
  }
}
