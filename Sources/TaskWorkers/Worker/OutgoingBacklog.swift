/// Messages that a worker could not send on yet, because their queue has no room. Rare: memory per message is fine.
@usableFromInline
struct OutgoingBacklog {
  struct Item {
    let bytes: [UInt8]
    let route: Int
    let priority: UInt8
    /// What to acknowledge once it is sent.
    let owedTag: UInt64?
  }

  private(set) var items: [Item] = []

  /// Whether nothing waits.
  @usableFromInline var isEmpty: Bool { items.isEmpty }

  mutating func append(_ item: Item) { items.append(item) }

  mutating func removeFirst(_ count: Int) { items.removeFirst(count) }
}
