/// Free blocks of one owner that wait behind a lock, outside its stacks and return rings.
struct PayloadSpill: Sendable {
  private var handles: [UInt32] = []
  /// How many blocks were ever added, and how many had been when `PayloadPool.trim` last looked.
  private var addedCount: UInt64 = 0
  private var examinedCount: UInt64 = 0

  var isEmpty: Bool { handles.isEmpty }

  mutating func add(_ added: [UInt32]) {
    handles.append(contentsOf: added)
    addedCount += UInt64(added.count)
  }

  /// Takes up to `limit` blocks, those that came last.
  mutating func take(upTo limit: Int) -> [UInt32] {
    let count = min(limit, handles.count)
    let taken = Array(handles.suffix(count))
    handles.removeLast(count)
    return taken
  }

  /// Takes all blocks to look at them together, if more than `least` have come since the last time.
  mutating func takeToExamine(ifMoreThan least: UInt64) -> [UInt32] {
    guard addedCount - examinedCount > least else { return [] }
    examinedCount = addedCount
    defer { handles = [] }
    return handles
  }

  /// Puts back what was looked at.
  mutating func putBack(_ examined: [UInt32]) { handles.append(contentsOf: examined) }
}
