/// Messages of tasks that are done several at a time, from when they were taken until their batch begins: when all that came
/// with them was looked at, on the worker's own thread; when a lane is to have them in a pool.
@usableFromInline
struct GatheredTasks {
  private var slots: [Int: ArraySlice<Int>] = [:]
  /// Tasks that have messages here, in the order in which they have waited for a batch.
  private var order: [Int] = []
  /// How many messages there are.
  private(set) var count = 0

  init() {}

  /// Whether there are none.
  @usableFromInline var isEmpty: Bool { order.isEmpty }

  /// Adds a message of the task at this place of the table.
  mutating func add(slot: Int, of index: Int) {
    if slots[index] == nil { order.append(index) }
    slots[index, default: []].append(slot)
    count += 1
  }

  /// The messages of the task whose turn it is; nil when there are none of any.
  var first: (index: Int, slots: ArraySlice<Int>)? { order.first.map { ($0, slots[$0] ?? []) } }

  /// Takes all messages of one task; nil when there are none of any.
  mutating func takeAll() -> (index: Int, slots: ArraySlice<Int>)? {
    guard let first else { return nil }
    removeFirst(first.slots.count)
    return first
  }

  /// Takes some of the messages of the task whose turn it is. It keeps its turn if any are left.
  mutating func remove(_ unwanted: [Int]) {
    let index = order[0]
    let rest = (slots[index] ?? []).filter { !unwanted.contains($0) }
    count -= unwanted.count
    slots[index] = rest.isEmpty ? nil : rest[...]
    if rest.isEmpty { order.removeFirst() }
  }

  /// Takes the oldest messages of the task whose turn it is. With what is left it waits behind the others.
  mutating func removeFirst(_ taken: Int) {
    let index = order.removeFirst()
    count -= taken
    let rest = slots.removeValue(forKey: index)?.dropFirst(taken) ?? []
    guard !rest.isEmpty else { return }
    slots[index] = rest
    order.append(index)
  }
}
