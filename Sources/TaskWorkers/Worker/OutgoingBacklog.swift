/// Messages that a worker could not send on yet, because their queue has no room: a line for each route, first come, first served, so that
/// a full queue holds up nothing for others. Rare: memory per message is fine.
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
    /// The message that has caused it, if that is owed an acknowledgement, without being its `owedTag`.
    let cause: UInt64?
  }

  private struct Line {
    var items: [Item] = []
    var head = 0
  }

  /// By route, those that something waits for.
  private var lines: [Int: Line] = [:]
  /// How many messages wait.
  private(set) var count = 0
  /// How many wait that a message has caused which must not be acknowledged before.
  private var causes: [UInt64: Int] = [:]

  /// Whether nothing waits.
  @usableFromInline var isEmpty: Bool { count == 0 }

  /// Whether any message waits that has such a cause.
  @usableFromInline var hasCauses: Bool { !causes.isEmpty }

  /// Whether something waits that the message of this tag has caused.
  @usableFromInline
  func isCause(_ tag: UInt64) -> Bool { causes[tag] != nil }

  /// Routes that messages wait for.
  var routes: [Int] { Array(lines.keys) }

  /// The message that has waited longest for a route.
  func first(of route: Int) -> Item? { lines[route].map { $0.items[$0.head] } }

  mutating func append(_ item: Item) {
    lines[item.route, default: Line()].items.append(item)
    count += 1
    if let cause = item.cause { causes[cause, default: 0] += 1 }
  }

  /// The first message of a route is gone.
  mutating func removeFirst(of route: Int) {
    guard var line = lines.removeValue(forKey: route) else { return }
    count -= 1
    if let cause = line.items[line.head].cause {
      let left = (causes[cause] ?? 1) - 1
      causes[cause] = left == 0 ? nil : left
    }
    line.head += 1
    guard line.head < line.items.count else { return }
    // The spent half goes once it is the larger one, so that each is moved once on average.
    if line.head > 64, line.head * 2 > line.items.count {
      line.items.removeFirst(line.head)
      line.head = 0
    }
    lines[route] = line
  }
}
