/// Which of a store's messages is due first: a binary heap from which any of them can be taken out.
///
/// O(log n) to insert and remove, O(1) to ask. Memory grows with the most messages it ever held, and is kept.
struct MomentHeap {
  struct Entry {
    let moment: Int64
    /// Decides between equal moments: the lower one is first.
    let order: UInt64
    let node: Int32

    fileprivate func precedes(_ other: Entry) -> Bool {
      moment != other.moment ? moment < other.moment : order < other.order
    }
  }

  private var entries: [Entry] = []
  /// By node: where its entry lies; -1 for none.
  private var places: [Int32] = []

  /// The entry that is due first.
  var first: Entry? { entries.first }

  /// Adds a message that is not in the heap.
  mutating func insert(_ node: Int32, at moment: Int64, order: UInt64) {
    while places.count <= Int(node) { places.append(-1) }
    entries.append(Entry(moment: moment, order: order, node: node))
    places[Int(node)] = Int32(entries.count - 1)
    rise(from: entries.count - 1)
  }

  /// Takes a message out, if it is there.
  mutating func remove(_ node: Int32) {
    guard Int(node) < places.count, places[Int(node)] >= 0 else { return }
    let place = Int(places[Int(node)])
    places[Int(node)] = -1
    let last = entries.removeLast()
    guard place < entries.count else { return }
    put(last, at: place)
    rise(from: place)
    sink(from: Int(places[Int(last.node)]))
  }

  /// Forgets all, and gives the memory back.
  mutating func removeAll() { self = MomentHeap() }

  private mutating func put(_ entry: Entry, at place: Int) {
    entries[place] = entry
    places[Int(entry.node)] = Int32(place)
  }

  private mutating func rise(from start: Int) {
    var place = start
    let entry = entries[place]
    while place > 0, entry.precedes(entries[(place - 1) / 2]) {
      put(entries[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    put(entry, at: place)
  }

  private mutating func sink(from start: Int) {
    var place = start
    let entry = entries[place]
    while 2 * place + 1 < entries.count {
      var child = 2 * place + 1
      if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(entry) else { break }
      put(entries[child], at: place)
      place = child
    }
    put(entry, at: place)
  }
}
