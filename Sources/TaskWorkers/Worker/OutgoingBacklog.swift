/// Messages that a worker could not send on yet, because their queue has no room. Rare: memory per message is fine.
@usableFromInline
struct OutgoingBacklog {
  struct Item {
    let bytes: [UInt8]
    let route: Int
    let priority: UInt8
    /// What to acknowledge once it is sent.
    let owedTag: UInt64?
    /// Where it goes instead when its queue has no room.
    let detour: Int?
    /// Whether a message that is owed an acknowledgement has caused it, without being its `owedTag`.
    let isFollower: Bool
  }

  private(set) var items: [Item] = []
  private var followerCount = 0

  /// Whether nothing waits.
  @usableFromInline var isEmpty: Bool { items.isEmpty }

  /// Whether something waits whose cause must not be acknowledged before.
  @usableFromInline var hasFollowers: Bool { followerCount > 0 }

  mutating func append(_ item: Item) {
    items.append(item)
    if item.isFollower { followerCount += 1 }
  }

  mutating func removeFirst(_ count: Int) {
    followerCount -= items.prefix(count).count(where: \.isFollower)
    items.removeFirst(count)
  }
}
