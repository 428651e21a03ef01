/// Messages of tasks that are done several at a time, from when they were taken to the end of the same step.
@usableFromInline
struct GatheredTasks {
  private var slots: [Int: [Int]] = [:]
  /// Tasks that have messages here, in the order of the first message of each.
  private var order: [Int] = []

  init() {}

  /// Whether there are none.
  @usableFromInline var isEmpty: Bool { order.isEmpty }

  /// Adds a message of the task at this place of the table.
  mutating func add(slot: Int, of index: Int) {
    if slots[index] == nil { order.append(index) }
    slots[index, default: []].append(slot)
  }

  /// Takes all messages of one task; nil when there are none of any.
  mutating func takeAll() -> (index: Int, slots: [Int])? {
    guard !order.isEmpty else { return nil }
    let index = order.removeFirst()
    return (index, slots.removeValue(forKey: index) ?? [])
  }
}
