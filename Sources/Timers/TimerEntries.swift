import Platform

/// The entries of a wheel and their lists: the only place of this module that handles memory.
///
/// A list is a ring of entries known by its first one, so that either end is reached in one step and an entry is taken out without
/// looking for it.
@safe
struct TimerEntries: ~Copyable, Sendable {
  typealias Reference = BlockMemory.Handle

  struct List: Sendable {
    fileprivate(set) var first: Reference

    // No entry has this number: the last unit of the last chunk is no beginning of two.
    static var empty: List { List(first: .max) }
    var isEmpty: Bool { first == .max }
  }

  /// Entries in a row, linked forwards only.
  struct Chain: Sendable {
    fileprivate var first: Reference
  }

  private struct Entry {
    var moment: Int64
    var payload: UInt64
    var next: Reference
    var previous: Reference
    /// Tells the entry from others that had its place before and will have it later; 0 while it is free. Lies behind what freeing changes.
    var stamp: UInt32
  }

  private var memory: BlockMemory
  private(set) var count = 0
  private var lastStamp: UInt32 = 0
  /// For `sort`: chains of 2^i entries, or none.
  private var bins = [Reference](repeating: .max, count: 32)

  private static var byteCount: Int { MemoryLayout<Entry>.stride }

  init(countLimit: Int) {
    // A chunk is opened only when all others are full, so that this is room for all of them.
    let chunkByteCount = 1 << 18
    let chunkCount = countLimit / (chunkByteCount / Self.byteCount) + 2
    memory = BlockMemory(byteLimit: chunkCount * chunkByteCount)
  }

  var byteCountMapped: Int { memory.byteCountMapped }

  mutating func trim() { memory.trim() }

  private func pointer(_ reference: Reference) -> UnsafeMutablePointer<Entry> {
    unsafe memory.address(of: reference).assumingMemoryBound(to: Entry.self)
  }

  /// An entry that is in no list yet; nil when memory is at its limit.
  mutating func add(_ payload: UInt64, at moment: Int64) -> Reference? {
    guard let reference = memory.allocate(byteCount: Self.byteCount) else { return nil }
    lastStamp = lastStamp == .max ? 1 : lastStamp + 1
    let entry = Entry(moment: moment, payload: payload, next: reference, previous: reference, stamp: lastStamp)
    unsafe memory.address(of: reference).bindMemory(to: Entry.self, capacity: 1).initialize(to: entry)
    count += 1
    return reference
  }

  /// Frees an entry that is in no list.
  mutating func remove(_ reference: Reference) -> TimingWheel.Due {
    let due = due(reference)
    unsafe pointer(reference).pointee.stamp = 0
    memory.free(reference)
    count -= 1
    return due
  }

  func due(_ reference: Reference) -> TimingWheel.Due {
    let entry = unsafe pointer(reference)
    return unsafe TimingWheel.Due(moment: entry.pointee.moment, payload: entry.pointee.payload)
  }

  func moment(of reference: Reference) -> Int64 { unsafe pointer(reference).pointee.moment }

  func stamp(of reference: Reference) -> UInt32 { unsafe pointer(reference).pointee.stamp }

  /// The stamp of an entry that may be gone: then 0, another one's, or nil. A chunk's memory is all zeros before it has entries.
  func stampIfPresent(of reference: Reference) -> UInt32? {
    guard let address = unsafe memory.addressIfMapped(of: reference) else { return nil }
    return unsafe address.assumingMemoryBound(to: Entry.self).pointee.stamp
  }

  func last(of list: List) -> Reference { unsafe pointer(list.first).pointee.previous }

  /// Shows the entries of a list in its order, until `body` returns false; returns whether it never did.
  func visit(_ list: List, _ body: (TimingWheel.Due) -> Bool) -> Bool {
    guard !list.isEmpty else { return true }
    var reference = list.first
    repeat {
      guard body(due(reference)) else { return false }
      reference = unsafe pointer(reference).pointee.next
    } while reference != list.first
    return true
  }

  /// Puts an entry that is in no list at the end of one.
  func append(_ reference: Reference, to list: inout List) {
    let entry = unsafe pointer(reference)
    guard !list.isEmpty else {
      unsafe entry.pointee.next = reference
      unsafe entry.pointee.previous = reference
      list.first = reference
      return
    }
    let first = unsafe pointer(list.first)
    let last = unsafe first.pointee.previous
    unsafe entry.pointee.next = list.first
    unsafe entry.pointee.previous = last
    unsafe pointer(last).pointee.next = reference
    unsafe first.pointee.previous = reference
  }

  func unlink(_ reference: Reference, from list: inout List) {
    let (next, previous) = unsafe (pointer(reference).pointee.next, pointer(reference).pointee.previous)
    guard next != reference else {
      list = .empty
      return
    }
    unsafe pointer(next).pointee.previous = previous
    unsafe pointer(previous).pointee.next = next
    if list.first == reference { list.first = next }
  }
}

extension TimerEntries {
  /// Empties a list that has entries into a chain of the same order.
  func takeAll(from list: inout List) -> Chain {
    unsafe pointer(last(of: list)).pointee.next = .max
    defer { list = .empty }
    return Chain(first: list.first)
  }

  func takeFirst(of chain: inout Chain) -> Reference? {
    guard chain.first != .max else { return nil }
    let first = chain.first
    chain.first = unsafe pointer(first).pointee.next
    return first
  }

  /// Sorts by moment; equal moments keep their order.
  ///
  /// A merge sort that works in place: bin i holds a sorted chain of 2^i entries, and two of a size become one of the next, as
  /// the digits of a binary counter carry. (The bottom-up merge sort for lists of the C++ library's `std::list`.)
  mutating func sort(_ list: inout List) {
    var rest = takeAll(from: &list)
    var highest = 0
    while let entry = takeFirst(of: &rest) {
      unsafe pointer(entry).pointee.next = .max
      var carried = entry
      var bin = 0
      while bins[bin] != .max {
        carried = merge(bins[bin], carried)
        bins[bin] = .max
        bin += 1
      }
      bins[bin] = carried
      highest = max(highest, bin)
    }
    var merged = Reference.max
    for bin in 0...highest where bins[bin] != .max {
      // Larger bins hold what came earlier.
      merged = merged == .max ? bins[bin] : merge(bins[bin], merged)
      bins[bin] = .max
    }
    var sorted = Chain(first: merged)
    while let entry = takeFirst(of: &sorted) { append(entry, to: &list) }
  }

  /// Two sorted chains as one; of equal moments those of `earlier` come first.
  private func merge(_ earlier: Reference, _ later: Reference) -> Reference {
    var (left, right) = (earlier, later)
    let leftIsFirst = moment(of: left) <= moment(of: right)
    let first = leftIsFirst ? left : right
    if leftIsFirst { left = unsafe pointer(left).pointee.next } else { right = unsafe pointer(right).pointee.next }
    var last = first
    while left != .max, right != .max {
      if moment(of: left) <= moment(of: right) {
        unsafe pointer(last).pointee.next = left
        last = left
        left = unsafe pointer(left).pointee.next
      } else {
        unsafe pointer(last).pointee.next = right
        last = right
        right = unsafe pointer(right).pointee.next
      }
    }
    unsafe pointer(last).pointee.next = left != .max ? left : right
    return first
  }
}
